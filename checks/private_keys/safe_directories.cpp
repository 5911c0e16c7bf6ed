#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include "checks/common/key_files.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.a.1"sv, "nist.AC-3"sv, "nist.AC-6"sv, "pci.3.6.1.3"sv,
                               "pci.7.2.2"sv};

// A group of one: root's, the service's, or the owner's own (as Debian makes them).
bool is_private_group(const DirectoryFacts& directory, const Evidence& evidence) {
  return directory.gid == 0 || directory.gid == directory.uid ||
         (evidence.service_uid && directory.gid == *evidence.service_uid);
}

std::string danger(const DirectoryFacts& directory, const Evidence& evidence) {
  constexpr std::uint32_t kSticky = 01000;
  if ((directory.mode & 02) != 0 && (directory.mode & kSticky) == 0)
    return "everybody may write it";
  if ((directory.mode & 020) != 0 && (directory.mode & kSticky) == 0 &&
      !is_private_group(directory, evidence))
    return fmt::format("group {} may write it", directory.gid);
  return {};
}

void judge_key(const Observation<KeyFile>& key, const Evidence& evidence, Findings& findings) {
  const FileFacts& file = key->file;
  const Subject subject = Subject::file(file.path);
  for (const DirectoryFacts& directory : file.directories) {
    const std::string why = danger(directory, evidence);
    if (why.empty()) continue;
    findings
        .fail(subject, fmt::format("{} can be replaced: directory {} has mode {}, {}", file.path,
                                   directory.path, mode_text(directory.mode), why))
        .from(key)
        .expected("0750 or stricter")
        .observed(mode_text(directory.mode))
        .remediation(fmt::format("chmod go-w {}", directory.path));
    return;
  }
  if (file.directories.empty()) {
    findings
        .unknown(subject, fmt::format("the directories above {} were not seen", file.path),
                 GapReason::incomplete)
        .from(key);
    return;
  }
  findings.pass(subject, fmt::format("no directory above {} lets others replace it", file.path))
      .from(key);
  if ((file.directories.back().mode & 04) != 0)
    findings
        .info(subject, fmt::format("directory {} lets everybody list the keys in it",
                                   file.directories.back().path))
        .variant("listing")
        .from(key)
        .expected("0750 or stricter")
        .observed(mode_text(file.directories.back().mode))
        .remediation(fmt::format("chmod o-r {}", file.directories.back().path));
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  for (const Observation<KeyFile>& key : evidence.key_files)
    if (key.has_value()) judge_key(key, evidence, findings);
  if (findings.empty()) say_unseen_keys(evidence, findings);
  if (findings.empty()) say_no_keys(evidence, findings);
}

}  // namespace

extern const Check private_keys_safe_directories;
constexpr Check private_keys_safe_directories{
    .info = {.code = "RTA-KEY-004",
             .title = "The directories above private keys protect them",
             .core = {},
             .supports = {8},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown,
                          Status::not_applicable},
             .needs = {Need::project_files},
             .controls = kControls,
             .remediation = "chmod 0750 /etc/redis/tls"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
