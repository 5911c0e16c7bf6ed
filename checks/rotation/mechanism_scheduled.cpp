#include <redis_tls_audit/check.h>

#include "checks/common/artefacts.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.308.a.1.ii.B"sv, "hipaa.316.b.1"sv, "nist.SC-12.1"sv,
                               "nist.SC-17"sv,         "nist.IA-5"sv,     "pci.3.7.4"sv,
                               "pci.4.2.1.1"sv};

bool is_managed(const Evidence& evidence) {
  bool any = false;
  for (const Endpoint& endpoint : evidence.endpoints) {
    const RedisServer* server = endpoint.redis.value();
    if (server == nullptr || server->provider.empty()) return false;
    any = true;
  }
  return any;
}

// An artefact counts when it is switched on and names what is audited.
bool counts(const Artefact& artefact) { return artefact.enabled && artefact.covers_target; }

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  const Subject deployment = Subject::deployment();
  if (is_managed(evidence)) {
    findings.not_applicable(
        deployment, "every endpoint is a managed service: its provider rotates the certificate");
    return;
  }
  if (const Gap* gap = artefact_gap(evidence)) {
    if (evidence.attestation("rotation") == nullptr)
      findings.unknown(deployment, *gap);
    else
      findings.pass(deployment, "rotation is attested").grade(Grade::attested);
    return;
  }
  for (const Artefact* artefact : artefacts_for(evidence, Purpose::rotation)) {
    const Subject subject = Subject::artefact(artefact->location.path);
    if (counts(*artefact)) {
      findings.pass(subject, told(*artefact))
          .from(provenance_of(*artefact))
          .observed(artefact->command);
    } else {
      const std::string why = artefact->enabled ? "it does not name the audited certificate or host"
                              : artefact->problems.empty() ? "it is switched off"
                                                           : artefact->problems.front();
      findings.warn(subject, fmt::format("{}, but {}", told(*artefact), why))
          .from(provenance_of(*artefact))
          .observed(artefact->command);
    }
  }
  if (!findings.empty()) return;
  if (const Attestation* attestation = evidence.attestation("rotation")) {
    findings
        .pass(deployment, fmt::format("rotation is attested by {}: {}", attestation->by,
                                      attestation->statement))
        .grade(Grade::attested)
        .at(attestation->location);
    return;
  }
  findings
      .manual(deployment,
              "nothing in the project renews certificates on a schedule; if something elsewhere "
              "does, an attestation of rotation says so")
      .expected("a timer, cron line, CI schedule or cert-manager Certificate, or an attestation");
}

}  // namespace

extern const Check rotation_mechanism_scheduled;
constexpr Check rotation_mechanism_scheduled{
    .info = {.code = "RTA-ROT-002",
             .title = "A rotation mechanism exists and is scheduled",
             .core = {10},
             .supports = {},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::warn, Status::manual, Status::not_applicable,
                          Status::unknown},
             .needs = {Need::artefacts, Need::attestations, Need::served_chain},
             .controls = kControls,
             .remediation = "a systemd timer: OnCalendar=weekly, and a service that runs\nstep ca "
                            "renew --exec 'redis-cli ... CONFIG SET tls-cert-file ...'"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
