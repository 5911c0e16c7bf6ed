#include <fmt/format.h>
#include <redis_tls_audit/check.h>

#include "base/text.h"
#include "checks/common/repository.h"
#include "files/keys/key_material.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.a.1"sv, "hipaa.312.d"sv, "nist.IA-5.7"sv, "nist.SC-12"sv,
                               "nist.SC-28"sv,    "pci.3.6.1"sv,   "pci.8.6.2"sv,   "pci.6.5.1"sv};

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  const Repository* repository = repository_or_unknown(evidence, findings);
  if (repository == nullptr) return;
  for (const MaterialHit& hit : repository->hits) {
    if (!hit.tracked || !files::is_key(hit.material)) continue;
    findings
        .fail(subject_of(hit), fmt::format("{} is tracked: {} stands in it", printable(hit.path),
                                           describe(hit.material)))
        .expected("no private key in the index or at HEAD")
        .observed(
            fmt::format("blob {} in {}{}", hit.blob.substr(0, 12), places_of(hit),
                        hit.spki_sha256.empty() ? "" : ", public key SHA-256 " + hit.spki_sha256))
        .remediation(fmt::format("git rm --cached -- {}\nthen make a new key and certificate",
                                 shell_word(hit.path)))
        .variant(fmt::format("{}:{}", name_of(hit.material), hit.line))
        .from(evidence.repository)
        .at({hit.path, hit.line, hit.column});
  }
  if (!findings.empty() || index_is_unknown(*repository, evidence, findings)) return;
  findings
      .pass(Subject::repository(),
            fmt::format("none of {} holds a private key",
                        counted(repository->tracked_files, "tracked file", "tracked files")))
      .expected("no private key in the index or at HEAD")
      .observed(counted(repository->objects_searched, "object searched", "objects searched"))
      .from(evidence.repository);
}

}  // namespace

extern const Check version_control_no_private_key_tracked;
constexpr Check version_control_no_private_key_tracked{
    .info = {.code = "RTA-VCS-001",
             .title = "No private key is tracked by version control",
             .core = {9},
             .supports = {},
             .severity = Severity::critical,
             .statuses = {Status::pass, Status::fail, Status::unknown},
             .needs = {Need::repository},
             .controls = kControls,
             .remediation =
                 "git rm --cached <file>\nand replace the key: a pushed key is a published key"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
