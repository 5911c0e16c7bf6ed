#include <redis_tls_audit/check.h>

#include "checks/common/artefacts.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.308.a.1.ii.D"sv, "hipaa.312.b"sv,  "nist.SI-4"sv,
                               "nist.CA-7"sv,          "pci.10.4.1.1"sv, "pci.10.7.2"sv};

void judge_monitor(const Artefact& artefact, Findings& findings) {
  const Subject subject = Subject::artefact(artefact.location.path);
  if (!artefact.verified_tls)
    findings
        .fail(subject, fmt::format("{}, but {}", told(artefact),
                                   artefact.problems.empty() ? "without verified TLS"
                                                             : artefact.problems.front()))
        .from(provenance_of(artefact))
        .observed(artefact.command)
        .expected("rediss:// with verification");
  else if (!artefact.enabled || !artefact.covers_target)
    findings
        .warn(subject, fmt::format("{}, but {}", told(artefact),
                                   artefact.enabled ? "it does not name the audited endpoint"
                                                    : "it is switched off"))
        .from(provenance_of(artefact))
        .observed(artefact.command);
  else
    findings.pass(subject, told(artefact)).from(provenance_of(artefact)).observed(artefact.command);
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  const Subject deployment = Subject::deployment();
  const Attestation* attestation = evidence.attestation("tls-monitoring");
  if (const Gap* gap = artefact_gap(evidence); gap != nullptr && attestation == nullptr) {
    findings.unknown(deployment, *gap);
    return;
  }
  for (const Artefact* artefact : artefacts_for(evidence, Purpose::connection_monitoring))
    judge_monitor(*artefact, findings);
  if (!findings.empty()) return;
  if (attestation != nullptr)
    findings
        .pass(deployment, fmt::format("connection monitoring is attested by {}: {}",
                                      attestation->by, attestation->statement))
        .grade(Grade::attested)
        .at(attestation->location);
  else
    findings
        .manual(deployment,
                "nothing in the project looks at the connections; if something elsewhere does, an "
                "attestation of tls-monitoring says so")
        .expected("an exporter over rediss://, a scheduled scan, or an attestation");
}

}  // namespace

extern const Check connections_monitoring_verified;
constexpr Check connections_monitoring_verified{
    .info = {.code = "RTA-CONN-004",
             .title = "Connection monitoring exists and itself uses verified TLS",
             .core = {11},
             .supports = {},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::manual,
                          Status::unknown},
             .needs = {Need::artefacts, Need::attestations},
             .controls = kControls,
             .remediation = "REDIS_ADDR=rediss://redis:6379\nREDIS_EXPORTER_TLS_CA_CERT_FILE=/etc/"
                            "redis/tls/ca.pem\n(and no SKIP_TLS_VERIFICATION)"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
