#include <redis_tls_audit/check.h>

#include "checks/common/certificates.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.308.a.1.ii.B"sv, "nist.SC-12"sv,       "nist.SC-17"sv,
                               "nist.IA-5"sv,          "sp800-52r2.3.2.1"sv, "pci.3.7.4"sv};
constexpr std::string_view kRenew =
    "renew the certificate now, and schedule the renewal (RTA-ROT-002)";

std::string limit_text(const DayLimits& limits) {
  if (limits.warn) return fmt::format("at most {} days", *limits.warn);
  if (limits.fail) return fmt::format("at most {} days", *limits.fail);
  return "no limit in this profile";
}

void judge_age(const CertificateView& view, const Evidence& evidence, const Policy& policy,
               Findings& findings) {
  const DayLimits& limits = policy.rotation.max_age;
  const auto age =
      std::chrono::floor<std::chrono::days>(evidence.as_of - view.certificate.not_before).count();
  const std::string message = fmt::format("{} is {} days old", view.label, age);
  Status status = Status::pass;
  if (limits.warn && age > *limits.warn) status = Status::warn;
  if (limits.fail && age > *limits.fail) status = Status::fail;
  findings.add(status, view.subject, message)
      .variant(view.variant)
      .from(view.source)
      .expected(limit_text(limits))
      .observed("not before " + to_rfc3339(view.certificate.not_before));
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  say_chain_gaps(evidence, findings);
  for (const CertificateView& view : certificate_views(evidence))
    if (view.endpoint != nullptr && view.is_server && view.is_leaf() &&
        view.certificate.dates_are_readable)
      judge_age(view, evidence, policy, findings);
  if (findings.empty())
    findings.unknown(Subject::deployment(),
                     "no endpoint served a certificate, so its age is not known",
                     GapReason::not_requested);
}

}  // namespace

extern const Check rotation_served_certificate_age;
constexpr Check rotation_served_certificate_age{
    .info = {.code = "RTA-ROT-001",
             .title = "The served certificate is younger than the rotation period",
             .core = {10},
             .supports = {},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown},
             .needs = {Need::served_chain},
             .controls = kControls,
             .remediation = kRenew},
    .evaluate = evaluate,
};

}  // namespace rta::checks
