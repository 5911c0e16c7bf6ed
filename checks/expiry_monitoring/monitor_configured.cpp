#include <redis_tls_audit/check.h>

#include "checks/common/artefacts.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.308.a.1.ii.D"sv, "nist.CA-7"sv, "nist.SI-4"sv, "nist.SC-17"sv,
                               "pci.4.2.1.1"sv};

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  const Subject deployment = Subject::deployment();
  const Attestation* attestation = evidence.attestation("expiry-monitoring");
  if (const Gap* gap = artefact_gap(evidence); gap != nullptr && attestation == nullptr) {
    findings.unknown(deployment, *gap);
    return;
  }
  for (const Artefact* artefact : artefacts_for(evidence, Purpose::expiry_monitoring)) {
    const Subject subject = Subject::artefact(artefact->location.path);
    if (!artefact->enabled || !artefact->covers_target) {
      const char* why = artefact->enabled
                            ? "it names neither the audited endpoint nor its certificate"
                            : "it is switched off";
      findings.warn(subject, fmt::format("{}, but {}", told(*artefact), why))
          .from(provenance_of(*artefact))
          .observed(artefact->command);
    } else {
      findings.pass(subject, told(*artefact))
          .from(provenance_of(*artefact))
          .observed(artefact->command);
    }
  }
  if (!findings.empty()) return;
  if (attestation != nullptr)
    findings
        .pass(deployment, fmt::format("expiry monitoring is attested by {}: {}", attestation->by,
                                      attestation->statement))
        .grade(Grade::attested)
        .at(attestation->location);
  else
    findings
        .manual(deployment,
                "nothing in the project watches for the expiry of the certificate; if something "
                "elsewhere does, an attestation of expiry-monitoring says so")
        .expected("a scheduled scan, an alert on a certificate metric, or an attestation");
}

}  // namespace

extern const Check expiry_monitoring_monitor_configured;
constexpr Check expiry_monitoring_monitor_configured{
    .info = {.code = "RTA-MON-002",
             .title = "Expiry monitoring is configured",
             .core = {4},
             .supports = {},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::warn, Status::manual, Status::unknown},
             .needs = {Need::artefacts, Need::attestations},
             .controls = kControls,
             .remediation = "systemctl enable --now redis-tls-audit.timer"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
