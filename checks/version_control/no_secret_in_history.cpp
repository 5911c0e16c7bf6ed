#include <fmt/format.h>
#include <redis_tls_audit/check.h>

#include "base/text.h"
#include "checks/common/repository.h"
#include "files/keys/der_material.h"
#include "files/keys/key_material.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.d"sv, "nist.IA-5.7"sv, "nist.SC-12"sv, "pci.3.7.5"sv};

bool is_committed(const MaterialHit& hit) {
  return std::ranges::any_of(hit.places, [](const std::string& place) {
    return place != "index" && !place.starts_with("worktree");
  });
}

// The key still serves: its public half is on the wire or in a certificate in use.
bool is_in_use(const MaterialHit& hit, const Evidence& evidence) {
  if (hit.pairs_with_local_key) return true;
  if (hit.spki_sha256.empty()) return false;
  for (const Consumer& consumer : evidence.consumers)
    if (const ConsumerSession* session = consumer.session.value())
      for (const Bytes& der : session->certificates)
        if (const auto served = files::certificate_in(der);
            served && served->spki_sha256 == hit.spki_sha256)
          return true;
  return false;
}

bool stands_in(const MaterialHit& hit, std::string_view start) {
  return std::ranges::any_of(hit.places,
                             [&](const std::string& place) { return place.starts_with(start); });
}

// What is only here goes with what still names it; what is published needs a
// new secret first, whatever is rewritten.
std::string remedy(const MaterialHit& hit, bool here_only) {
  if (stands_in(hit, "submodule"))
    return "replace the key or password first, then rewrite the submodule's own history";
  const bool only_stashed = std::ranges::all_of(hit.places, [](const std::string& place) {
    return place == "stash" || place == "reflog" || place == "unreachable";
  });
  if (only_stashed && stands_in(hit, "stash"))
    return "git stash list, git stash drop that entry, then\n"
           "git reflog expire --expire=now --all && git gc --prune=now";
  if (here_only) return "git reflog expire --expire=now --all && git gc --prune=now";
  if (hit.path.empty()) return "replace the key or password first, then delete the ref that has it";
  return fmt::format(
      "replace the key or password first, then: git filter-repo --invert-paths "
      "--path {}",
      shell_word(hit.path));
}

void judge_hit(const MaterialHit& hit, const Evidence& evidence, Findings& findings) {
  const std::string what = describe(hit.material);
  const std::string where = hit.path.empty() ? "an object without a path" : printable(hit.path);
  const bool here_only = stands_in_this_clone_only(hit);
  const bool live = is_in_use(hit, evidence);
  const std::string message =
      here_only
          ? fmt::format("{} stands in {}, in this clone only ({})", what, where, places_of(hit))
          : fmt::format("{} stands in {} ({}){}", what, where, places_of(hit),
                        live ? " and belongs to a certificate in use" : "");
  findings.add(here_only ? Status::warn : Status::fail, subject_of(hit), message)
      .expected("no key and no Redis credential in any object that a ref reaches")
      .observed(fmt::format("blob {}{}", hit.blob.substr(0, 12),
                            hit.detail.empty() ? "" : ", " + hit.detail))
      .severity(live && !here_only ? Severity::critical : Severity::high)
      .variant(fmt::format("{}:{}:{}", name_of(hit.material), hit.blob, hit.line))
      .remediation(remedy(hit, here_only))
      .from(evidence.repository)
      .at({hit.path, hit.line, hit.column});
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  const Repository* repository = repository_or_unknown(evidence, findings);
  if (repository == nullptr) return;
  for (const MaterialHit& hit : repository->hits) {
    const bool matters =
        files::is_key(hit.material) || (hit.material == Material::redis_secret && !hit.placeholder);
    if (matters && is_committed(hit)) judge_hit(hit, evidence, findings);
  }
  if (!repository->history_complete) {
    const Gap whole{GapReason::incomplete, "the history was not searched completely", ""};
    const Gap& gap = repository->gaps.empty() ? whole : repository->gaps.front();
    findings.unknown(Subject::repository(), gap).from(evidence.repository);
  } else if (findings.empty()) {
    findings
        .pass(Subject::repository(),
              fmt::format("{} of the whole history hold no key and no Redis credential",
                          counted(repository->objects_searched, "object", "objects")))
        .expected("no key and no Redis credential in any object")
        .from(evidence.repository);
  }
}

}  // namespace

extern const Check version_control_no_secret_in_history;
constexpr Check version_control_no_secret_in_history{
    .info = {.code = "RTA-VCS-002",
             .title = "No private key or Redis secret stands in the history",
             .core = {9},
             .supports = {},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown},
             .needs = {Need::repository},
             .controls = kControls,
             .remediation = "replace the key or password first, then: git filter-repo "
                            "--invert-paths --path <file>"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
