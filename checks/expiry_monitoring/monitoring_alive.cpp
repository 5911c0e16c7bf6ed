#include <redis_tls_audit/check.h>

#include "checks/common/artefacts.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.308.a.1.ii.D"sv, "nist.CA-7"sv, "pci.10.7.2"sv};

// The scan of this target before this one; "" = of the deployment at all.
const EarlierScan* newest_of(const std::vector<EarlierScan>& scans, const std::string& endpoint) {
  const EarlierScan* newest = nullptr;
  for (const EarlierScan& scan : scans)
    if ((endpoint.empty() || scan.endpoint == endpoint) &&
        (newest == nullptr || scan.when > newest->when))
      newest = &scan;
  return newest;
}

void judge_target(const Subject& subject, const std::string& endpoint, const Evidence& evidence,
                  const Policy& policy, Findings& findings) {
  const EarlierScan* newest = newest_of(*evidence.history, endpoint);
  if (newest == nullptr) {
    findings.info(subject, "this is the first scan on record").from(evidence.history);
    return;
  }
  const auto age = std::chrono::floor<std::chrono::days>(evidence.as_of - newest->when).count();
  const std::string expected = fmt::format("a scan within {} days", policy.monitoring.max_gap_days);
  const std::string seen =
      fmt::format("the scan before this one is {} days old", age);
  (age <= policy.monitoring.max_gap_days ? findings.pass(subject, seen)
                                         : findings.warn(subject, seen))
      .expected(expected)
      .observed(fmt::format("{} in {}", to_rfc3339(newest->when), newest->source))
      .from(evidence.history);
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  if (const Gap* gap = evidence.history.gap()) {
    findings.unknown(Subject::deployment(), *gap);
    return;
  }
  for (const Endpoint& endpoint : evidence.endpoints)
    if (endpoint.kind == EndpointKind::live)
      judge_target(Subject::endpoint(endpoint.key), endpoint.key, evidence, policy, findings);
  if (findings.empty()) judge_target(Subject::deployment(), "", evidence, policy, findings);
}

}  // namespace

extern const Check expiry_monitoring_monitoring_alive;
constexpr Check expiry_monitoring_monitoring_alive{
    .info = {.code = "RTA-MON-004",
             .title = "Monitoring is alive",
             .core = {},
             .supports = {4},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::unknown},
             .needs = {Need::history},
             .controls = kControls,
             .remediation = "run the scan on a schedule with --history DIR, and look at it: "
                            "systemctl list-timers redis-tls-audit.timer"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
