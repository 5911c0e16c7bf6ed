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

}  // namespace rta::checks
