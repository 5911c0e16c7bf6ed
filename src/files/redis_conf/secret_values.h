// How a value that is written out is told from a reference to one. For
// redis_secrets.cpp and secret_blocks.cpp.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "files/keys/key_material.h"

namespace rta::files {

inline constexpr std::size_t kLongestLine = 4096;  // that is looked at

// Of a name or a bare value: letters, digits, "_", "-", ".".
bool is_word(char c);

struct SecretValue {
  std::string_view text;
  bool quoted = false;
};

// A value that stands for itself: not a reference to a variable, a call, a
// template, a type, a place in a vault, a label. Without quotes var.x and
// local.x are references too.
bool is_literal(std::string_view value);
bool is_literal(const SecretValue& value);

// The value that starts at `rest`: in quotes, or up to a blank or delimiter.
SecretValue value_at(std::string_view rest);

// By its name in lower case: of Redis or Valkey; a secret and not a path to one.
bool names_store(std::string_view lower_name);
bool names_secret(std::string_view lower_name);

template <std::size_t N>
bool contains_any(std::string_view text, const std::array<std::string_view, N>& words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return text.contains(word); });
}

FoundMaterial secret(Material material, std::string_view name, std::string_view value);

}  // namespace rta::files
