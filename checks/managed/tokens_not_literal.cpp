#include <redis_tls_audit/check.h>

#include "checks/common/artefacts.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.308.a.5.ii.D"sv, "nist.IA-5.7"sv, "pci.8.6.2"sv,
                               "pci.2.2.2"sv};

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  if (const Gap* gap = artefact_gap(evidence)) {
    findings.unknown(Subject::deployment(), *gap);
    return;
  }
  for (const Artefact* artefact : artefacts_for(evidence, Purpose::literal_secret, true)) {
    const std::string why = artefact->problems.empty() ? "" : ", and " + artefact->problems.front();
    findings.fail(Subject::artefact(artefact->location.path), artefact->summary + why)
        .from(provenance_of(*artefact))
        .expected("a reference to a secret manager")
        .variant(artefact->summary);
  }
  if (findings.empty())
    findings.pass(Subject::deployment(), "no script or infrastructure file writes a token out")
        .grade(Grade::declared);
}

}  // namespace

extern const Check managed_tokens_not_literal;
constexpr Check managed_tokens_not_literal{
    .info = {.code = "RTA-MGD-004",
             .title = "Tokens in scripts are neither placeholders nor written out",
             .core = {},
             .supports = {9},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::fail, Status::unknown},
             .needs = {Need::artefacts},
             .controls = kControls,
             .remediation = "--auth-token \"$(aws secretsmanager get-secret-value ...)\"\nand "
                            "rotate: --auth-token-update-strategy ROTATE"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
