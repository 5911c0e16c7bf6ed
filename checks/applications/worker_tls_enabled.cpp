#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include "checks/applications/transport.h"
#include "checks/common/consumers.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.1"sv, "hipaa.312.e.2.ii"sv, "nist.SC-8.1"sv,
                               "sp800-52r2.4"sv, "pci.4.2.1"sv};

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  for (const Consumer* consumer : consumers_of(evidence, ConsumerRole::worker))
    judge_transport(*consumer, policy, findings);
  if (findings.empty()) say_no_consumer(evidence, findings, "worker");
}

}  // namespace

extern const Check applications_worker_tls_enabled;
constexpr Check applications_worker_tls_enabled{
    .info = {.code = "RTA-ENV-002",
             .title = "The worker has TLS enabled",
             .core = {6},
             .supports = {},
             .severity = Severity::critical,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown},
             .needs = {Need::project_files},
             .controls = kControls,
             .remediation = "REDIS_TLS_ENABLED=true"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
