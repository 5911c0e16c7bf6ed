#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include "base/text.h"
#include "checks/common/certificates.h"
#include "checks/common/checkout.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.2.i"sv, "nist.SC-13"sv, "nist.SC-17"sv,
                               "sp800-52r2.3.2.1"sv, "pci.4.2.1"sv};
constexpr std::array kStrong{"SHA224"sv,     "SHA256"sv,     "SHA384"sv,   "SHA512"sv,
                             "SHA512-224"sv, "SHA512-256"sv, "SHA3-224"sv, "SHA3-256"sv,
                             "SHA3-384"sv,   "SHA3-512"sv};
constexpr std::array kBroken{"MD2"sv, "MD4"sv, "MD5"sv, "MD5-SHA1"sv, "SHA1"sv, "RIPEMD160"sv};

void judge_signature(const CertificateView& view, Findings& findings) {
  const x509::Certificate& certificate = view.certificate;
  const std::string algorithm = printable(certificate.signature_algorithm, 80);
  const auto say = [&](Status status, std::string message) {
    return findings.add(status, view.subject, std::move(message))
        .variant(view.variant)
        .from(view.source)
        .observed(algorithm)
        .expected("SHA-224 or better");
  };
  // RFC 8032: Ed25519 and Ed448 contain their digest.
  const bool is_edwards = certificate.signature_digest.empty() && algorithm.starts_with("ED");
  if (is_edwards || std::ranges::find(kStrong, certificate.signature_digest) != kStrong.end())
    say(Status::pass, fmt::format("{} is signed with {}", view.label, algorithm));
  else if (std::ranges::find(kBroken, certificate.signature_digest) != kBroken.end())
    say(Status::fail, fmt::format("{} is signed with {}, for which collisions can be made",
                                  view.label, algorithm));
  else
    findings
        .unknown(view.subject,
                 fmt::format("{} is signed with {}, whose strength is not known here", view.label,
                             algorithm),
                 GapReason::unsupported)
        .variant(view.variant)
        .from(view.source);
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  const std::vector<CertificateView> views = certificate_views(evidence);
  if (views.empty()) return say_no_certificate(evidence, findings);
  say_stand_ins(evidence, findings);
  // Nobody relies on the signature that a root makes over itself.
  for (const CertificateView& view : views)
    if (!(view.certificate.self_signed && view.is_authority)) judge_signature(view, findings);
  if (findings.empty())
    findings.not_applicable(Subject::deployment(), "only root certificates were seen");
}

}  // namespace

extern const Check certificates_signature_digest;
constexpr Check certificates_signature_digest{
    .info = {.code = "RTA-CERT-004",
             .title = "Certificates below the root are signed with SHA-224 or better",
             .core = {},
             .supports = {3},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::fail, Status::unknown, Status::not_applicable},
             .needs = {Need::project_files, Need::served_chain},
             .controls = kControls,
             .remediation = "sign again with -sha256"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
