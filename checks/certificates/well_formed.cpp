#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include <set>

#include "base/text.h"
#include "checks/common/certificates.h"
#include "x509/pem.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.2.ii"sv, "nist.SC-17"sv, "sp800-52r2.3.2.1"sv,
                               "pci.4.2.1"sv, "pci.4.2.1.1"sv};

bool is_used_as(const CertificateFile& file, std::initializer_list<FileUse> uses) {
  return std::ranges::any_of(file.references, [&](const FileReference& reference) {
    return std::ranges::find(uses, reference.use) != uses.end();
  });
}

bool is_named(const CertificateFile& file) {
  return is_used_as(file,
                    {FileUse::server_certificate, FileUse::server_ca, FileUse::client_certificate,
                     FileUse::consumer_ca, FileUse::consumer_certificate});
}

// Redis' own files: OpenSSL's SSL_CTX_use_certificate_chain_file reads PEM only.
bool redis_reads(const CertificateFile& file) {
  return is_used_as(file,
                    {FileUse::server_certificate, FileUse::server_ca, FileUse::client_certificate});
}

bool authority_comes_first(const CertificateFile& file) {
  if (!is_used_as(file, {FileUse::server_certificate}) || file.certificates.size() < 2)
    return false;
  const Result<x509::Certificate> first = x509::parse_certificate(file.certificates[0]);
  const Result<x509::Certificate> second = x509::parse_certificate(file.certificates[1]);
  return first && second && first->is_ca() && second->issuer == first->subject;
}

// Why the file does not do; empty when it does.
std::string defect(const CertificateFile& file) {
  const bool has_key = std::ranges::any_of(file.other_blocks, x509::is_private_key_label);
  if (has_key && is_named(file))
    return "holds a private key beside the certificate; whoever may read the one reads the other";
  const bool has_request = std::ranges::any_of(
      file.other_blocks, [](const std::string& label) { return label.contains("REQUEST"); });
  if (file.certificates.empty() && !has_request)
    return file.problems.empty() ? "holds no certificate"
                                 : "holds no certificate: " + file.problems.front();
  if (!file.is_pem && redis_reads(file)) return "is not PEM, which is all that Redis reads";
  if (authority_comes_first(file))
    return "has the authority before the server's certificate; the server's comes first";
  return {};
}

std::string oddity(const CertificateFile& file) {
  for (const std::string& label : file.other_blocks) {
    if (label.contains("REQUEST"))
      return file.certificates.empty() ? "holds a signing request in place of a certificate"
                                       : "holds a signing request beside the certificate";
    if (x509::is_private_key_label(label)) return "holds a private key beside the certificate";
  }
  if (!file.problems.empty()) return file.problems.front();
  if (std::set<Bytes>(file.certificates.begin(), file.certificates.end()).size() !=
      file.certificates.size())
    return "holds the same certificate twice";
  if (!file.is_pem) return "is not PEM; most clients read only PEM";
  return {};
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  for (const Observation<CertificateFile>& file : evidence.certificate_files) {
    if (file.gap() != nullptr) {
      findings.unknown(Subject::file(file.provenance().location.path), *file.gap());
      continue;
    }
    const std::string& path = file->file.path;
    const std::string bad = defect(*file);
    const std::string odd = oddity(*file);
    if (!bad.empty())
      findings.fail(Subject::file(path), path + " " + printable(bad))
          .from(file)
          .expected("certificates in PEM and nothing else");
    else if (!odd.empty())
      findings.warn(Subject::file(path), path + " " + printable(odd))
          .from(file)
          .expected("certificates in PEM and nothing else");
    else
      findings
          .pass(Subject::file(path), fmt::format("{} holds {} and nothing else", path,
                                                 counted(file->certificates.size(), "certificate")))
          .from(file);
  }
  if (findings.empty())
    findings.not_applicable(Subject::deployment(),
                            "no certificate file is named or found in the project");
}

}  // namespace

extern const Check certificates_well_formed;
constexpr Check certificates_well_formed{
    .info =
        {.code = "RTA-CERT-001",
         .title = "Certificate files hold certificates and nothing else",
         .core = {},
         .supports = {3},
         .severity = Severity::medium,
         .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown,
                      Status::not_applicable},
         .needs = {Need::project_files},
         .controls = kControls,
         .remediation =
             "keep the key in a file of its own with mode 0600, and download broken files again"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
