#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include "base/text.h"
#include "checks/common/certificates.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.2.ii"sv, "nist.SC-12"sv, "nist.SC-17"sv,
                               "sp800-52r2.3.2.1"sv, "pci.4.2.1"sv,  "pci.3.7.1"sv};
// SP 800-131A r2: 112 bits of strength, RSA-2048, end with the year 2030.
constexpr Timestamp kEndOf112Bits =
    std::chrono::sys_days{std::chrono::year{2031} / 1 / 1} - std::chrono::seconds{1};
constexpr int kRsaOf128Bits = 3072;
constexpr int kLargestUsefulRsa = 8192;

struct Opinion {
  Verdict verdict = Verdict::pass;
  std::string why;
};

std::string key_text(const x509::PublicKey& key) {
  if (!key.curve.empty()) return fmt::format("{} {}", key.type, printable(key.curve, 60));
  return key.bits == 0 ? printable(key.type, 60) : fmt::format("{} {} bits", key.type, key.bits);
}

bool is_nist_curve(const std::string& curve) {
  return curve == "P-256" || curve == "P-384" || curve == "P-521";
}

Opinion judge_rsa(const x509::Certificate& certificate, const CertificatePolicy& policy) {
  const x509::PublicKey& key = certificate.key;
  if (key.bits < policy.min_rsa_bits)
    return {Verdict::fail, fmt::format("below {} bits", policy.min_rsa_bits)};
  // FIPS 186-5 5.1: odd, 65537 at least.
  if (key.rsa_exponent && (*key.rsa_exponent < 65537 || *key.rsa_exponent % 2 == 0))
    return {Verdict::fail,
            fmt::format("exponent {} is not an odd number from 65537", *key.rsa_exponent)};
  if (!key.rsa_exponent)
    return {Verdict::warn, "the exponent is above 64 bits, which clients refuse"};
  if (key.bits % 8 != 0)
    return {Verdict::warn, "the size is no whole number of bytes; some clients refuse it"};
  if (key.bits > kLargestUsefulRsa)
    return {Verdict::warn, "every handshake takes long, and some clients refuse it"};
  if (key.bits < kRsaOf128Bits && certificate.not_after > kEndOf112Bits)
    return {Verdict::warn, "below 3072 bits and valid beyond 2030"};
  return {};
}

Opinion judge_ec(const x509::PublicKey& key, const CertificatePolicy& policy) {
  if (key.explicit_parameters)
    return {Verdict::fail,
            "its curve is written out as parameters instead of named (RFC 5480 2.1.1)"};
  if (key.bits < policy.min_ec_bits)
    return {Verdict::fail, fmt::format("below {} bits", policy.min_ec_bits)};
  if (!is_nist_curve(key.curve))
    return {Verdict::warn, "many clients have no such curve, and TLS 1.3 no signature for it"};
  return {};
}

Opinion opinion(const CertificateView& view, const CertificatePolicy& policy) {
  const x509::PublicKey& key = view.certificate.key;
  const std::string kind = key.curve.empty() ? key.type : key.type + " " + key.curve;
  if (view.is_leaf() && !policy.allowed_key_types.empty() &&
      std::ranges::find(policy.allowed_key_types, kind) == policy.allowed_key_types.end())
    return {Verdict::fail, "the profile allows only " + join(policy.allowed_key_types, ", ")};
  if (key.type == "RSA" || key.type == "RSA-PSS") return judge_rsa(view.certificate, policy);
  if (key.type == "EC") return judge_ec(key, policy);
  if (key.type == "ED25519" || key.type == "ED448")
    return {policy.non_nist_curve, "not among the curves of the profile"};
  if (key.type.starts_with("ML-DSA")) return {};
  return {Verdict::fail, "no TLS client of Redis uses keys of this kind"};
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  const std::vector<CertificateView> views = certificate_views(evidence);
  if (views.empty()) return say_no_certificate(evidence, findings);
  say_chain_gaps(evidence, findings);
  for (const CertificateView& view : views) {
    const std::string key = key_text(view.certificate.key);
    const Opinion told = opinion(view, policy.certificates);
    const std::string message =
        told.verdict == Verdict::pass
            ? fmt::format("{} has a key of {}", view.label, key)
            : fmt::format("{} has a key of {}: {}", view.label, key, told.why);
    judge(findings, told.verdict, view.subject, message)
        .variant(view.variant)
        .from(view.source)
        .observed(key)
        .expected(fmt::format("RSA from {} bits or EC from {} bits on a NIST curve",
                              policy.certificates.min_rsa_bits, policy.certificates.min_ec_bits));
  }
}

}  // namespace

extern const Check certificates_key_strength;
constexpr Check certificates_key_strength{
    .info = {.code = "RTA-CERT-003",
             .title = "Key type and size of certificates meet the policy",
             .core = {3},
             .supports = {},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown},
             .needs = {Need::project_files, Need::served_chain},
             .controls = kControls,
             .remediation = "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256, and a "
                            "new certificate for it"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
