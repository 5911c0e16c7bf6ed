#include <redis_tls_audit/check.h>

#include "checks/common/artefacts.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.316.b.1"sv, "nist.SA-5"sv, "nist.CA-7"sv, "pci.10.1.1"sv};

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  if (const Gap* gap = artefact_gap(evidence)) {
    findings.unknown(Subject::deployment(), *gap);
    return;
  }
  for (const Artefact* artefact : artefacts_for(evidence, Purpose::runbook_defect, true))
    findings.warn(Subject::artefact(artefact->location.path), artefact->summary)
        .from(provenance_of(*artefact))
        .observed(artefact->command)
        .variant(artefact->command);
  if (findings.empty())
    findings
        .pass(Subject::deployment(),
              "no script or document relies on a command that proves nothing")
        .grade(Grade::declared);
}

}  // namespace

extern const Check connections_runbook_commands_work;
constexpr Check connections_runbook_commands_work{
    .info = {.code = "RTA-CONN-005",
             .title = "Runbooks and documents use commands that work",
             .core = {},
             .supports = {11},
             .severity = Severity::info,
             .statuses = {Status::pass, Status::warn, Status::unknown},
             .needs = {Need::artefacts},
             .controls = kControls,
             .remediation = "redis-tls-audit scan, or count CLIENT LIST laddr= by port"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
