// Credentials written out in text: requirepass and its like, REDIS_PASSWORD
// assignments, passwords inside Redis URLs, tokens for managed services. A
// reference to a variable or a secret store is none. For key_material.cpp.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "files/keys/key_material.h"

namespace rta::files {

// A quick no.
bool may_hold_secrets(std::string_view text);
// The same in two steps: a text without any of these words, that does not
// begin with a user of an ACL file, holds none.
std::span<const std::string_view> secret_needles();
bool begins_with_acl_user(std::string_view text);
std::vector<FoundMaterial> find_secrets(std::string_view text);

}  // namespace rta::files
