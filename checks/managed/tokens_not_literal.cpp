#include <fmt/format.h>
#include <redis_tls_audit/check.h>

#include "base/text.h"
#include "checks/common/artefacts.h"
#include "checks/common/repository.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.308.a.5.ii.D"sv, "nist.IA-5.7"sv, "pci.8.6.2"sv,
                               "pci.2.2.2"sv};

bool is_token(const MaterialHit& hit) {
  const std::string name = lower_ascii(hit.detail);
  return hit.material == Material::redis_secret && !hit.placeholder &&
         (name.contains("auth-token") || name.contains("auth_token") || name == "authtoken");
}

// A token that was written out once and is still in an object of git.
void judge_history(const Evidence& evidence, Findings& findings) {
  const Repository* repository = evidence.repository.value();
  if (repository == nullptr) return;
  for (const MaterialHit& hit : repository->hits)
    if (is_token(hit) && !hit.tracked && stands_in_git(hit))
      findings
          .fail(subject_of(hit), fmt::format("a token is written out in an earlier {} ({})",
                                             printable(hit.path), places_of(hit)))
          .expected("a reference to a secret manager")
          .observed(fmt::format("{} at line {} of blob {}", printable(hit.detail), hit.line,
                                hit.blob.substr(0, 12)))
          .variant(fmt::format("{}:{}", hit.blob, hit.line))
          .from(evidence.repository)
          .at({hit.path, hit.line, hit.column});
}

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
  judge_history(evidence, findings);
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
             .needs = {Need::artefacts, Need::repository},
             .controls = kControls,
             .remediation = "--auth-token \"$(aws secretsmanager get-secret-value ...)\"\nand "
                            "rotate: --auth-token-update-strategy ROTATE"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
