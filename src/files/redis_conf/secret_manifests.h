// Credentials in Secrets of Kubernetes that are Redis's by their name, and ACL
// users and passwords of redis.conf inside any Secret, also in base64. For
// redis_secrets.cpp. Pure; any thread.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "files/keys/key_material.h"

namespace rta::files {

using SecretInLine = std::optional<FoundMaterial> (*)(std::string_view line);

// With line and column; `secret_in` knows the credentials of a single line.
std::vector<FoundMaterial> secrets_of_manifests(std::string_view text, SecretInLine secret_in);

}  // namespace rta::files
