#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include "checks/common/certificates.h"

namespace rta::checks {
namespace {

using std::chrono::days;

constexpr std::array kControls{"hipaa.308.a.1.ii.B"sv, "nist.SC-12"sv, "nist.SC-17"sv,
                               "sp800-52r2.3.2.1"sv,   "pci.3.7.4"sv,  "pci.4.2.1.1"sv};
// Ten years: what a root may have left while it is anybody's only anchor.
constexpr days kLongestRoot{3652};

// CA/Browser Forum ballot SC-081v3, by the day of issue.
days public_limit(Timestamp not_before) {
  using namespace std::chrono_literals;
  if (not_before < std::chrono::sys_days{2026y / 3 / 15}) return days{398};
  if (not_before < std::chrono::sys_days{2027y / 3 / 15}) return days{200};
  if (not_before < std::chrono::sys_days{2029y / 3 / 15}) return days{100};
  return days{47};
}

// Both ends of a validity period count (RFC 5280 4.1.2.5), and each second beyond
// a day counts as another day (CA/Browser Forum Baseline Requirements 6.3.2): what
// `openssl x509 -days 398` makes is one second too long. A private authority that
// asked its tools for exactly the days at which a certificate fails is spared that
// second: it is warned anyway.
std::chrono::seconds spared(bool is_public) {
  return std::chrono::seconds{is_public ? 0 : 1};
}

std::string span_text(std::chrono::seconds span) {
  const auto whole = std::chrono::floor<days>(span);
  const auto rest = (span - whole).count();
  return rest == 0 ? fmt::format("{} days", whole.count())
                   : fmt::format("{} days and {} s", whole.count(), rest);
}

void judge_leaf(const CertificateView& view, const Evidence& evidence, const Policy& policy,
                Findings& findings) {
  const bool is_public = ends_in_public_store(evidence, {view.der});
  const auto lifetime = view.certificate.lifetime();
  DayLimits limits = policy.certificates.max_days_private;
  if (is_public) limits = {{}, static_cast<int>(public_limit(view.certificate.not_before).count())};
  const auto above = [](std::chrono::seconds span, const std::optional<int>& limit) {
    return limit && span > days{*limit};
  };
  const std::string span = span_text(lifetime);
  const auto say = [&](Status status, const std::string& message) {
    return findings.add(status, view.subject, message)
        .variant(view.variant)
        .from(view.source)
        .observed(span);
  };
  const std::string seen = fmt::format("{} is valid for {}", view.label, span);
  if (above(lifetime - spared(is_public), limits.fail))
    say(Status::fail, fmt::format("{}, longer than {} days", seen, *limits.fail))
        .expected(fmt::format("{} days at most", limits.warn.value_or(*limits.fail)));
  else if (above(lifetime, limits.warn))
    say(Status::warn, fmt::format("{}, longer than {} days", seen, *limits.warn))
        .expected(fmt::format("{} days at most", *limits.warn));
  else
    say(Status::pass, seen);
}

void judge_root(const CertificateView& view, const Evidence& evidence, Findings& findings) {
  if (!view.certificate.self_signed || view.certificate.not_after - evidence.as_of <= kLongestRoot)
    return;
  findings
      .warn(
          view.subject,
          fmt::format("{} is a root with more than ten years left; nothing forces its replacement",
                      view.label))
      .variant(view.variant)
      .from(view.source)
      .expected("3652 days at most")
      .observed(to_date(view.certificate.not_after));
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  const std::vector<CertificateView> views = certificate_views(evidence);
  if (views.empty()) return say_no_certificate(evidence, findings);
  say_chain_gaps(evidence, findings);
  for (const CertificateView& view : views) {
    if (!view.certificate.dates_are_readable) continue;  // RTA-CERT-002 says so
    if (view.is_leaf())
      judge_leaf(view, evidence, policy, findings);
    else
      judge_root(view, evidence, findings);
  }
  if (findings.empty())
    findings.not_applicable(Subject::deployment(), "only certificates of authorities were seen");
}

}  // namespace

extern const Check certificates_validity_span;
constexpr Check certificates_validity_span{
    .info = {.code = "RTA-CERT-005",
             .title = "Certificates are issued for a span within the policy",
             .core = {10},
             .supports = {},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown,
                          Status::not_applicable},
             .needs = {Need::project_files, Need::served_chain},
             .controls = kControls,
             .remediation = "issue for 90 days: openssl x509 -req -days 90 ..., or duration: 2160h "
                            "with cert-manager"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
