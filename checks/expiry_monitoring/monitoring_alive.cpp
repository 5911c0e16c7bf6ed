#include <redis_tls_audit/check.h>

#include "checks/common/artefacts.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.308.a.1.ii.D"sv, "nist.CA-7"sv, "pci.10.7.2"sv};

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  const Subject deployment = Subject::deployment();
  const std::vector<EarlierScan>* scans = evidence.history.value();
  if (scans == nullptr) {
    findings.unknown(deployment, *evidence.history.gap());
    return;
  }
  if (scans->empty()) {
    findings.info(deployment, "this is the first scan on record");
    return;
  }
  const auto newest = std::ranges::max(*scans, {}, &EarlierScan::when).when;
  const auto age = std::chrono::floor<std::chrono::days>(evidence.as_of - newest).count();
  const std::string expected = fmt::format("a scan within {} days", policy.monitoring.max_gap_days);
  const std::string seen = fmt::format("the scan before this one is {} days old", age);
  if (age <= policy.monitoring.max_gap_days)
    findings.pass(deployment, seen).expected(expected);
  else
    findings.warn(deployment, seen).expected(expected).observed(to_rfc3339(newest));
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
             .remediation = "systemctl list-timers redis-tls-audit.timer"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
