#include "checks/common/key_files.h"

#include <fmt/format.h>

namespace rta::checks {

bool is_used_as(const KeyFile& key, FileUse use) {
  return std::ranges::find(key.references, use, &FileReference::use) != key.references.end();
}

bool ignores_modes(const std::string& file_system) {
  constexpr std::array kModeless{"vfat"sv, "exfat"sv, "ntfs"sv, "ntfs3"sv,  "9p"sv,
                                 "cifs"sv, "smb"sv,   "smb2"sv, "vboxsf"sv, "vmhgfs"sv};
  return std::ranges::find(kModeless, file_system) != kModeless.end();
}

bool is_network_file_system(const std::string& file_system) {
  constexpr std::array kNetwork{"nfs"sv, "ceph"sv, "cifs"sv, "smb"sv, "smb2"sv, "9p"sv};
  return std::ranges::find(kNetwork, file_system) != kNetwork.end();
}

std::string mode_text(std::uint32_t mode) { return fmt::format("{:04o}", mode); }

void say_unseen_keys(const Evidence& evidence, Findings& findings) {
  for (const Observation<KeyFile>& key : evidence.key_files)
    if (key.gap() != nullptr)
      findings.unknown(Subject::file(key.provenance().location.path), *key.gap());
}

void say_no_keys(const Evidence& evidence, Findings& findings) {
  if (evidence.scope.project)
    findings.not_applicable(Subject::deployment(),
                            "no private key is named or found in the project");
  else
    findings.unknown(Subject::deployment(), "no project was audited, so that no key file was seen",
                     GapReason::not_requested);
}

// Keys that one container names, where its own declaration gives them a mode.
static void add_declared_keys(const Evidence& evidence, const ComposeService& service,
                              const std::string& file, std::vector<DeclaredKey>& keys) {
  for (const NamedFile& named : evidence.named_files) {
    const FileReference& reference = named.reference;
    const bool is_key = reference.use == FileUse::server_key ||
                        reference.use == FileUse::client_key ||
                        reference.use == FileUse::consumer_key;
    const bool is_its = reference.by == file + "#" + service.name ||
                        reference.by == service.name + "@" + service.location.path;
    if (!is_key || !is_its) continue;
    const Mount* nearest = nullptr;
    for (const Mount& mount : service.mounts)
      if ((named.declared == mount.target || named.declared.starts_with(mount.target + "/")) &&
          (nearest == nullptr || mount.target.size() > nearest->target.size()))
        nearest = &mount;
    // A secret out of a file keeps the mode that the file has on the host.
    if (nearest != nullptr && nearest->type == "secret" && nearest->source.empty() && nearest->mode)
      keys.push_back({&service, nearest, named.declared, *nearest->mode});
  }
}

std::vector<DeclaredKey> declared_keys(const Evidence& evidence) {
  std::vector<DeclaredKey> keys;
  for (const ComposeService& service : evidence.kubernetes)
    add_declared_keys(evidence, service, service.location.path, keys);
  const ComposeProject* compose = evidence.compose.value();
  if (compose == nullptr || compose->files.empty()) return keys;
  for (const ComposeService& service : compose->services)
    add_declared_keys(evidence, service, compose->files.front(), keys);
  return keys;
}

}  // namespace rta::checks
