#include <fmt/format.h>
#include <redis_tls_audit/check.h>

#include "base/text.h"
#include "checks/common/repository.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.a.1"sv, "nist.CM-3"sv, "pci.6.5.1"sv};

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  const Repository* repository = repository_or_unknown(evidence, findings);
  if (repository == nullptr || index_is_unknown(*repository, evidence, findings)) return;
  for (const TrackedButIgnored& file : repository->tracked_but_ignored)
    findings
        .fail(Subject::file(file.path),
              fmt::format("{} is tracked although {} ({}) matches it: ignore rules have no effect "
                          "on tracked files",
                          printable(file.path), file.pattern_at.text(), printable(file.pattern)))
        .expected("ignored and not tracked")
        .observed("ignored and tracked")
        .remediation(fmt::format("git rm --cached -- {}", shell_word(file.path)))
        .from(evidence.repository)
        .at(file.pattern_at);
  if (!findings.empty()) return;
  findings
      .pass(Subject::repository(),
            fmt::format("no TLS material or env file among {} is both ignored and tracked",
                        counted(repository->tracked_files, "tracked file", "tracked files")))
      .expected("ignored and not tracked")
      .from(evidence.repository);
}

}  // namespace

extern const Check version_control_ignored_material_is_untracked;
constexpr Check version_control_ignored_material_is_untracked{
    .info = {.code = "RTA-VCS-005",
             .title = "No ignored TLS material is tracked all the same",
             .core = {9},
             .supports = {},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::fail, Status::unknown},
             .needs = {Need::repository},
             .controls = kControls,
             .remediation = "git rm --cached <file>"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
