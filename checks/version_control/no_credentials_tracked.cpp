#include <fmt/format.h>
#include <redis_tls_audit/check.h>

#include "base/text.h"
#include "checks/common/repository.h"
#include "files/keys/key_material.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.308.a.5.ii.D"sv, "nist.IA-5.7"sv, "pci.8.6.2"sv,
                               "pci.3.6.1"sv};

// An env file leaves version control as a whole; anything else stays, without
// the secret. Either way it is known to whoever has a clone.
std::string remedy(const MaterialHit& hit) {
  const std::string path = shell_word(hit.path);
  if (files::is_environment_file(hit.path) && !files::is_template_file(hit.path))
    return fmt::format("git rm --cached -- {}\n{}\nand replace the secret", path,
                       ignore_command(hit.path));
  return fmt::format(
      "take {} out of {}:{} (a variable or a secrets file gives it), and replace the secret",
      hit.detail.empty() ? "the secret" : hit.detail, printable(hit.path, 300), hit.line);
}

void judge_secret(const MaterialHit& hit, const Evidence& evidence, Findings& findings) {
  if (hit.template_file && hit.placeholder) return;  // what templates are for
  const std::string path = printable(hit.path);
  const std::string what = hit.detail.empty() ? describe(hit.material) : printable(hit.detail);
  const bool is_real = !hit.template_file && !hit.placeholder;
  const std::string message =
      is_real ? fmt::format("{} is written out in {}, which is tracked", what, path)
      : hit.template_file
          ? fmt::format("{} in the template {} does not look like a placeholder", what, path)
          : fmt::format("{} has a placeholder in {}, which is tracked and no template", what, path);
  findings.add(is_real ? Status::fail : Status::warn, subject_of(hit), message)
      .expected("secrets come from a secret store or an untracked file")
      .observed(fmt::format("{} at line {}", what, hit.line))
      .variant(fmt::format("{}:{}", what, hit.line))
      .remediation(remedy(hit))
      .from(evidence.repository)
      .at({hit.path, hit.line, hit.column});
}

// What is changed there is never shown, nor missed.
void judge_hidden_changes(const Repository& repository, const Evidence& evidence,
                          Findings& findings) {
  for (const HiddenChanges& file : repository.hidden_changes)
    findings
        .warn(Subject::file(file.path),
              fmt::format("{} is tracked and marked {}: git status hides its local changes",
                          printable(file.path), file.flag))
        .expected("a file with secrets is ignored and not tracked")
        .observed(file.flag)
        .variant(file.flag)
        .remediation(fmt::format("git update-index --no-{0} -- {1} && git rm --cached -- {1}",
                                 file.flag, shell_word(file.path)))
        .from(evidence.repository)
        .at({file.path, 0, 0});
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  const Repository* repository = repository_or_unknown(evidence, findings);
  if (repository == nullptr) return;
  for (const MaterialHit& hit : repository->hits)
    if (hit.tracked && files::is_secret(hit.material)) judge_secret(hit, evidence, findings);
  judge_hidden_changes(*repository, evidence, findings);
  if (!findings.empty() || index_is_unknown(*repository, evidence, findings)) return;
  findings
      .pass(Subject::repository(),
            fmt::format("none of {} holds a Redis credential or an env file's secret",
                        counted(repository->tracked_files, "tracked file", "tracked files")))
      .expected("secrets come from a secret store or an untracked file")
      .from(evidence.repository);
}

}  // namespace

extern const Check version_control_no_credentials_tracked;
constexpr Check version_control_no_credentials_tracked{
    .info = {.code = "RTA-VCS-006",
             .title = "Env files with secrets and Redis credentials are not tracked",
             .core = {9},
             .supports = {},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown},
             .needs = {Need::repository},
             .controls = kControls,
             .remediation =
                 "git rm --cached .env\necho .env >> .gitignore\nand replace the secret"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
