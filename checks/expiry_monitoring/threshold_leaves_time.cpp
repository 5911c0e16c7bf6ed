#include <redis_tls_audit/check.h>

#include "checks/common/artefacts.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.308.a.7"sv, "nist.SI-4.5"sv, "pci.10.4.1"sv};

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  if (const Gap* gap = artefact_gap(evidence)) {
    findings.unknown(Subject::deployment(), *gap);
    return;
  }
  for (const Artefact* artefact : artefacts_for(evidence, Purpose::expiry_monitoring)) {
    if (artefact->kind != ArtefactKind::prometheus_rule) continue;
    const Subject subject = Subject::artefact(artefact->location.path);
    const std::string expected =
        fmt::format("at least {} days", policy.monitoring.min_threshold_days);
    if (!artefact->threshold_days)
      findings
          .unknown(subject,
                   fmt::format("{}: the threshold of the alert could not be read", told(*artefact)),
                   GapReason::malformed)
          .from(provenance_of(*artefact))
          .observed(artefact->command)
          .expected(expected);
    else if (*artefact->threshold_days >= policy.monitoring.min_threshold_days)
      findings
          .pass(subject, fmt::format("{} fires {} days before expiry", artefact->summary,
                                     *artefact->threshold_days))
          .from(provenance_of(*artefact))
          .observed(artefact->command)
          .expected(expected);
    else
      findings
          .warn(subject, fmt::format("{} fires only {} days before expiry", artefact->summary,
                                     *artefact->threshold_days))
          .from(provenance_of(*artefact))
          .observed(artefact->command)
          .expected(expected);
  }
  if (findings.empty())
    findings.not_applicable(Subject::deployment(), "the project holds no alerting rule on expiry");
}

}  // namespace

extern const Check expiry_monitoring_threshold_leaves_time;
constexpr Check expiry_monitoring_threshold_leaves_time{
    .info = {.code = "RTA-MON-003",
             .title = "The expiry alert leaves time to act",
             .core = {},
             .supports = {4},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::unknown, Status::not_applicable},
             .needs = {Need::artefacts},
             .controls = kControls,
             .remediation = "... - time() < 21 * 86400"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
