#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include "checks/common/key_files.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.a.1"sv, "nist.AC-3"sv, "nist.CM-6"sv, "pci.3.6.1.3"sv};

// The account's own group is taken to have the account's number.
bool may(std::uint32_t account, std::uint32_t bit, std::uint32_t mode, std::uint32_t uid,
         std::uint32_t gid) {
  if (account == 0) return true;
  if (account == uid) return (mode & bit << 6U) != 0;
  if (account == gid) return (mode & bit << 3U) != 0;
  return (mode & bit) != 0;
}

// The mount's source inside the project, when a service of Redis mounts the file.
const Mount* mount_of(const Evidence& evidence, const std::string& path) {
  const ComposeProject* compose = evidence.compose.value();
  if (compose == nullptr) return nullptr;
  for (const ComposeService& service : compose->services)
    for (const Mount& mount : service.mounts)
      if (service.is_redis &&
          std::ranges::find(mount.private_keys, path) != mount.private_keys.end())
        return &mount;
  return nullptr;
}

// What stops the account on the way to the file; empty when nothing does.
std::string obstacle(const KeyFile& key, std::uint32_t account, const Mount* mount) {
  // Inside a container only the directories of the mount exist.
  const auto counts = [&](const DirectoryFacts& directory) {
    if (mount == nullptr) return true;
    return mount->is_directory &&
           (directory.path == mount->source || directory.path.starts_with(mount->source + "/"));
  };
  for (const DirectoryFacts& directory : key.file.directories)
    if (counts(directory) && !may(account, 1, directory.mode, directory.uid, directory.gid))
      return fmt::format("directory {} (mode {}, uid {})", directory.path,
                         mode_text(directory.mode), directory.uid);
  if (!may(account, 4, key.file.mode, key.file.uid, key.file.gid))
    return fmt::format("mode {} with owner uid {}", mode_text(key.file.mode), key.file.uid);
  return {};
}

void judge_key(const Observation<KeyFile>& key, const Evidence& evidence, Findings& findings) {
  const Subject subject = Subject::file(key->file.path);
  if (!evidence.service_uid) {
    findings.unknown(subject, Gap{GapReason::not_found,
                                  fmt::format("which account reads {} is not known: {}",
                                              key->file.path, evidence.service_uid_reason),
                                  {}});
    return;
  }
  const std::uint32_t account = *evidence.service_uid;
  const std::string stopped_by = obstacle(*key, account, mount_of(evidence, key->file.path));
  if (stopped_by.empty() || key->file.has_acl) {
    findings.pass(subject, fmt::format("uid {} can read {}", account, key->file.path)).from(key);
    return;
  }
  findings
      .fail(subject, fmt::format("uid {}, which runs redis-server, cannot read {}: {}; loosening "
                                 "the mode is the wrong way out",
                                 account, key->file.path, stopped_by))
      .from(key)
      .expected(fmt::format("owner uid {}", account))
      .observed(stopped_by)
      .remediation(
          fmt::format("chown {0}:{0} {1}, or a compose secret with uid: \"{0}\" and mode: 0400",
                      account, key->file.path));
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  for (const Observation<KeyFile>& key : evidence.key_files)
    if (key.has_value() && is_used_as(*key, FileUse::server_key))
      judge_key(key, evidence, findings);
  if (!findings.empty()) return;
  say_unseen_keys(evidence, findings);
  if (findings.empty())
    findings.not_applicable(Subject::deployment(),
                            "no configuration names a private key of the server that was seen");
}

}  // namespace

extern const Check private_keys_readable_by_service;
constexpr Check private_keys_readable_by_service{
    .info = {.code = "RTA-KEY-003",
             .title = "The service account can read its key",
             .core = {},
             .supports = {8},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::fail, Status::unknown, Status::not_applicable},
             .needs = {Need::project_files},
             .controls = kControls,
             .remediation =
                 "chown 999:999 <key>, or a compose secret with uid: \"999\" and mode: 0400"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
