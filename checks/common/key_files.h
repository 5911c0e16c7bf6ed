// Questions about private key files that several checks ask. Pure.
#pragma once

#include <redis_tls_audit/check.h>

#include <cstdint>
#include <string>
#include <vector>

namespace rta::checks {

bool is_used_as(const KeyFile& key, FileUse use);
// vfat, 9p and the like make modes up: a mode seen there proves nothing.
bool ignores_modes(const std::string& file_system);
bool is_network_file_system(const std::string& file_system);
// "0640"
std::string mode_text(std::uint32_t mode);
// Findings for key files that could not be looked at, and for none at all.
void say_unseen_keys(const Evidence& evidence, Findings& findings);
void say_no_keys(const Evidence& evidence, Findings& findings);

// A key that a secret brings into a container of Kubernetes or compose, with the
// mode that is declared for it there.
struct DeclaredKey {
  const ComposeService* service = nullptr;
  const Mount* mount = nullptr;
  std::string path;  // in the container
  std::uint32_t mode = 0;
};
std::vector<DeclaredKey> declared_keys(const Evidence& evidence);

}  // namespace rta::checks
