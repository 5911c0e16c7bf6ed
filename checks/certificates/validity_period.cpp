#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include "checks/common/certificates.h"

namespace rta::checks {
namespace {

using std::chrono::seconds;

constexpr std::array kControls{"hipaa.312.e.1"sv, "hipaa.308.a.7"sv,    "nist.SC-17"sv,
                               "nist.SC-12.1"sv,  "sp800-52r2.3.2.1"sv, "pci.4.2.1"sv};
constexpr std::string_view kReload =
    "renew it, install it, then: CONFIG SET tls-cert-file <path> tls-key-file <path>";

struct Margins {
  seconds fail;
  seconds warn;
};

// A margin of days suits certificates of months; short-lived ones are renewed
// at a share of their lifetime.
Margins margins(const CertificatePolicy& policy, seconds lifetime) {
  Margins margins{std::chrono::days{policy.expiry_fail_days},
                  std::chrono::days{policy.expiry_warn_days}};
  margins.fail = std::min(margins.fail, lifetime / 10);
  if (policy.expiry_warn_third) margins.warn = std::min(margins.warn, lifetime / 3);
  return margins;
}

std::string left_text(seconds left) {
  const auto hours = std::chrono::duration_cast<std::chrono::hours>(left).count();
  return hours < 72 ? fmt::format("{} hours", hours) : fmt::format("{} days", hours / 24);
}

void judge_period(const CertificateView& view, const Evidence& evidence, const Policy& policy,
                  Findings& findings) {
  const x509::Certificate& certificate = view.certificate;
  if (!certificate.dates_are_readable) {
    findings.fail(view.subject, view.label + " has a date that does not exist")
        .variant(view.variant)
        .from(view.source)
        .expected("two readable dates");
    return;
  }
  const std::string period = fmt::format("{} to {}", to_rfc3339(certificate.not_before),
                                         to_rfc3339(certificate.not_after));
  const seconds left = certificate.not_after - evidence.as_of;
  const Margins limits = margins(policy.certificates, certificate.lifetime());
  const auto say = [&](Status status, const std::string& message) {
    return findings.add(status, view.subject, message)
        .variant(view.variant)
        .from(view.source)
        .observed(period);
  };
  if (evidence.as_of < certificate.not_before) {
    say(Status::fail,
        fmt::format("{} is not valid before {}", view.label, to_rfc3339(certificate.not_before)))
        .expected("a start in the past")
        .remediation("compare the clocks of issuer and server, or wait");
  } else if (left < seconds{0}) {
    say(Status::fail, fmt::format("{} expired {}", view.label,
                                  relative_days(certificate.not_after, evidence.as_of)))
        .expected("an end in the future")
        .remediation(std::string{kReload});
  } else if (left < limits.fail) {
    say(Status::fail, fmt::format("{} has {} left", view.label, left_text(left)))
        .severity(Severity::high)
        .expected(left_text(limits.fail) + " at least")
        .remediation(std::string{kReload});
  } else if (left < limits.warn) {
    say(Status::warn, fmt::format("{} has {} left", view.label, left_text(left)))
        .expected(left_text(limits.warn) + " at least")
        .remediation(std::string{kReload});
  } else {
    say(Status::pass, fmt::format("{} is valid for another {}", view.label, left_text(left)));
  }
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  const std::vector<CertificateView> views = certificate_views(evidence);
  if (views.empty()) return say_no_certificate(evidence, findings);
  say_chain_gaps(evidence, findings);
  for (const CertificateView& view : views) judge_period(view, evidence, policy, findings);
}

}  // namespace

extern const Check certificates_validity_period;
constexpr Check certificates_validity_period{
    .info = {.code = "RTA-CERT-002",
             .title = "Certificates are within their validity period, with margin",
             .core = {3, 4},
             .supports = {},
             .severity = Severity::critical,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown},
             .needs = {Need::project_files, Need::served_chain},
             .controls = kControls,
             .remediation = kReload},
    .evaluate = evaluate,
};

}  // namespace rta::checks
