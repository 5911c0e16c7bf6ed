#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include <map>

#include "base/text.h"
#include "checks/common/certificates.h"
#include "checks/common/checkout.h"
#include "x509/names.h"
#include "x509/weakness.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.d"sv, "nist.SC-17"sv, "sp800-52r2.3.2.1"sv,
                               "pci.4.2.1.1"sv, "RFC 5280 4.1.2.2"sv};
// CA/Browser Forum 7.1: 64 random bits. A random number often starts with some
// zero bits; one in 256 starts with eight.
constexpr int kFewestSerialBits = 56;
constexpr std::size_t kMostSerialOctets = 20;

std::vector<std::string> errors(const x509::Certificate& certificate) {
  std::vector<std::string> found;
  if (certificate.name_contains_nul)
    found.emplace_back("a name contains a NUL byte, with which some clients can be deceived");
  if (!certificate.alternative_names) return found;
  for (const std::string& name : certificate.alternative_names->dns)
    if (x509::is_bad_wildcard(name))
      found.push_back(fmt::format("the wildcard {} is too broad or misplaced; clients refuse it",
                                  printable(name, 60)));
  return found;
}

std::vector<std::string> flaws(const x509::Certificate& certificate) {
  std::vector<std::string> found;
  if (!certificate.serial_is_positive)
    found.emplace_back("the serial number is not positive");
  else if (certificate.serial_bits < kFewestSerialBits)
    found.push_back(
        fmt::format("the serial number {} can be guessed: {} where 64 random ones are due",
                    printable(certificate.serial, 40),
                    counted(static_cast<std::size_t>(certificate.serial_bits), "bit")));
  if (certificate.serial_octets > kMostSerialOctets)
    found.emplace_back("the serial number is longer than 20 octets");
  if (const std::string tutorial = x509::tutorial_subject(certificate.subject_parts);
      !tutorial.empty())
    found.push_back(fmt::format("the subject is out of a tutorial ({})", tutorial));
  if (!certificate.alternative_names) return found;
  const auto& dns = certificate.alternative_names->dns;
  for (const std::string& name : dns)
    if (!name.contains('\0') && !x509::is_bad_wildcard(name) && !x509::is_dns_syntax(name))
      found.push_back(fmt::format("{} is no host name", printable(name, 60)));
  const std::string& common_name = certificate.common_name;
  if (common_name.contains('.') && !common_name.contains(' ') &&
      certificate.alternative_names->usable() &&
      std::ranges::none_of(
          dns,
          [&](const std::string& name) { return lower_ascii(name) == lower_ascii(common_name); }) &&
      !x509::parse_address(common_name))
    found.push_back(fmt::format("the common name {} is not among the alternative names",
                                printable(common_name, 60)));
  return found;
}

bool has_poor_serial(const x509::Certificate& certificate) {
  return !certificate.serial_is_positive || certificate.serial_bits < kFewestSerialBits ||
         certificate.serial_octets > kMostSerialOctets;
}

std::string remedy_for(const x509::Certificate& certificate) {
  if (has_poor_serial(certificate))
    return "leave out -set_serial (OpenSSL then takes a random number), or use a real CA";
  return "issue it again: a subject of your organisation, and each host name in subjectAltName";
}

// True remarks that are no flaws.
std::vector<std::string> remarks(const x509::Certificate& certificate) {
  std::vector<std::string> found;
  if (!certificate.alternative_names || certificate.alternative_names->dns.empty()) return found;
  const auto& dns = certificate.alternative_names->dns;
  for (const std::string& name : dns)
    if (name.contains('*') && !x509::is_bad_wildcard(name))
      found.push_back(fmt::format("{} covers every host of its zone", printable(name, 60)));
  if (std::ranges::all_of(dns, [](const std::string& name) {
        return name == "localhost" || name.ends_with(".localhost");
      }))
    found.emplace_back("it names this machine only (localhost)");
  return found;
}

void say_duplicates(const std::vector<CertificateView>& views, Findings& findings) {
  std::map<std::pair<std::string, std::string>, const CertificateView*> first;
  for (const CertificateView& view : views) {
    const auto [known, is_new] =
        first.try_emplace({view.certificate.issuer, view.certificate.serial}, &view);
    if (is_new) continue;
    findings
        .fail(view.subject,
              fmt::format("{} and {} have the same issuer and serial number {}",
                          known->second->label, view.label, printable(view.certificate.serial, 40)))
        .variant("duplicate " + view.label)
        .from(view.source)
        .expected("one certificate per serial number");
  }
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  const std::vector<CertificateView> views = certificate_views(evidence);
  if (views.empty()) return say_no_certificate(evidence, findings);
  say_stand_ins(evidence, findings);
  say_duplicates(views, findings);
  for (const CertificateView& view : views) {
    if (view.certificate.self_signed && view.is_authority)
      continue;  // trusted as it is, whatever its number
    const auto say = [&](Status status, const std::string& message) {
      return findings.add(status, view.subject, message).variant(view.variant).from(view.source);
    };
    const std::vector<std::string> wrong = errors(view.certificate);
    const std::vector<std::string> doubtful = flaws(view.certificate);
    if (!wrong.empty())
      say(Status::fail, fmt::format("{}: {}", view.label, join(wrong, "; ")))
          .remediation("issue it again with a subjectAltName of full host names");
    else if (!doubtful.empty())
      say(Status::warn, fmt::format("{}: {}", view.label, join(doubtful, "; ")))
          .remediation(remedy_for(view.certificate));
    else
      say(Status::pass, fmt::format("{} has a serial number and names in order", view.label));
    for (const std::string& remark : remarks(view.certificate))
      findings.info(view.subject, fmt::format("{}: {}", view.label, remark))
          .remediation("subjectAltName with the host names that clients connect to, and no others")
          .variant(view.variant + " remark")
          .from(view.source);
  }
  if (findings.empty())
    findings.not_applicable(Subject::deployment(), "only root certificates were seen");
}

}  // namespace

extern const Check certificates_identity_hygiene;
constexpr Check certificates_identity_hygiene{
    .info = {.code = "RTA-CERT-012",
             .title = "Serial numbers and names of certificates are sound",
             .core = {},
             .supports = {3},
             .severity = Severity::low,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown,
                          Status::not_applicable},
             .needs = {Need::project_files, Need::served_chain},
             .controls = kControls,
             .remediation =
                 "leave out -set_serial (OpenSSL then takes a random number), or use a real CA"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
