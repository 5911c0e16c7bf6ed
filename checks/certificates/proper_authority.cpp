#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include "base/text.h"
#include "checks/common/certificates.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.d"sv,    "nist.SC-17"sv, "sp800-52r2.3.2.1"sv,
                               "sp800-52r2.4.5"sv, "pci.4.2.1"sv,  "RFC 5280 4.2.1.3"sv};
constexpr std::size_t kManyAnchors = 200;

struct Family {
  bool issues_leaves = false;
  std::string outlived_by;  // label of a certificate that ends later
};

Family family_of(const CertificateView& authority, const std::vector<CertificateView>& views) {
  Family family;
  for (const CertificateView& view : views) {
    if (view.der == authority.der || view.certificate.issuer != authority.certificate.subject ||
        !x509::was_issued_by(view.der, authority.der))
      continue;
    family.issues_leaves |= view.is_leaf();
    if (view.certificate.not_after > authority.certificate.not_after)
      family.outlived_by = view.label;
  }
  return family;
}

std::vector<std::string> errors(const CertificateView& view, const Family& family, Timestamp now) {
  const x509::Certificate& authority = view.certificate;
  std::vector<std::string> found;
  if (!authority.is_ca()) found.emplace_back("it is no authority (no CA:TRUE)");
  if (authority.key_usage && !authority.key_usage->has(x509::KeyUse::key_cert_sign))
    found.emplace_back("its key usage lacks keyCertSign");
  if (authority.not_after < now) found.push_back("it expired on " + to_date(authority.not_after));
  if (!family.outlived_by.empty())
    found.push_back(fmt::format("it ends before {}, which it issued", family.outlived_by));
  return found;
}

// Extensions come with a new certificate; time only with a later one.
std::string remedy_for(const x509::Certificate& authority, const Family& family, Timestamp now) {
  if (authority.not_after < now) return "renew it, and everything that it issued";
  if (!family.outlived_by.empty())
    return fmt::format("issue {} to end before {}, or renew the authority first",
                       family.outlived_by, to_date(authority.not_after));
  return {};
}

std::vector<std::string> omissions(const x509::Certificate& authority, const Family& family) {
  std::vector<std::string> found;
  if (!authority.basic_constraints->critical)
    found.emplace_back("basicConstraints is not critical");
  if (!authority.key_usage) found.emplace_back("keyUsage is missing");
  if (!authority.has_subject_key_id) found.emplace_back("subjectKeyIdentifier is missing");
  // A root above intermediates needs none; who signs servers should sign no CA.
  if (family.issues_leaves && !authority.basic_constraints->path_length)
    found.emplace_back("pathlen is missing");
  return found;
}

void judge_bundle(const Observation<CertificateFile>& file, const Evidence& evidence,
                  Findings& findings) {
  const std::size_t count = file->certificates.size();
  const bool serves_consumer =
      std::ranges::any_of(file->references, [](const FileReference& reference) {
        return reference.use == FileUse::consumer_ca || reference.use == FileUse::server_ca;
      });
  if (!serves_consumer || count <= 10) return;
  const auto expired = std::ranges::count_if(file->certificates, [&](const Bytes& der) {
    const Result<x509::Certificate> read = x509::parse_certificate(der);
    return read && read->not_after < evidence.as_of;
  });
  const std::string& path = file->file.path;
  if (count > kManyAnchors)
    findings
        .warn(Subject::file(path),
              fmt::format("{} trusts {} authorities where one issues the server's certificate",
                          path, count))
        .variant("bundle")
        .from(file);
  if (expired > 0)
    findings
        .warn(Subject::file(path),
              fmt::format("{} holds {} of {} certificates that have expired", path, expired, count))
        .variant("bundle expired")
        .from(file);
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  const std::vector<CertificateView> views = certificate_views(evidence);
  if (views.empty()) return say_no_certificate(evidence, findings);
  for (const CertificateView& view : views) {
    if (!view.is_authority) continue;
    const Family family = family_of(view, views);
    const std::vector<std::string> wrong = errors(view, family, evidence.as_of);
    const auto say = [&](Status status, const std::string& message) {
      return findings.add(status, view.subject, message)
          .variant(view.variant)
          .from(view.source)
          .expected(
              "critical CA:TRUE, keyUsage keyCertSign, subjectKeyIdentifier, pathlen:0 where it "
              "issues leaves");
    };
    if (!wrong.empty()) {
      const std::string remedy = remedy_for(view.certificate, family, evidence.as_of);
      auto entry = say(Status::fail, fmt::format("{}: {}", view.label, join(wrong, "; ")));
      if (!remedy.empty()) entry.remediation(remedy);
      continue;
    }
    const std::vector<std::string> absent = omissions(view.certificate, family);
    if (!absent.empty())
      say(Status::warn, fmt::format("{}: {}", view.label, join(absent, "; ")));
    else
      say(Status::pass, fmt::format("{} is a proper authority", view.label));
  }
  for (const Observation<CertificateFile>& file : evidence.certificate_files)
    if (file.has_value()) judge_bundle(file, evidence, findings);
  if (findings.empty())
    findings.not_applicable(Subject::deployment(), "no authority's certificate was seen");
}

}  // namespace

extern const Check certificates_proper_authority;
constexpr Check certificates_proper_authority{
    .info = {.code = "RTA-CERT-010",
             .title = "Certificates used as authorities are proper authorities",
             .core = {},
             .supports = {3},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown,
                          Status::not_applicable},
             .needs = {Need::project_files, Need::served_chain},
             .controls = kControls,
             .remediation = "-addext keyUsage=critical,keyCertSign,cRLSign -addext "
                            "basicConstraints=critical,CA:TRUE,pathlen:0"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
