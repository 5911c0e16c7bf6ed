// What switches verification off, by name: options with the values that do so,
// words that do so as they stand, and parameters of connection strings. Pure;
// any thread.
#pragma once

#include <redis_tls_audit/bytes.h>

#include <span>
#include <string_view>

namespace rta::files {

enum class Meaning { none, off, off_in_production, code_decides };

// What an assigned value, blanks removed, means for a switch of that kind.
using Judge = Meaning (*)(std::string_view value);

// NAME: value, NAME = value, 'NAME': value, 'NAME' => value, ['NAME'] = value.
struct Switch {
  std::string_view name;
  std::string_view shown;
  Judge judge;
  bool needs_redis = true;  // unspecific: only near Redis
};
std::span<const Switch> verification_switches();
// By the switch's own rule; off by one of a choice's values is off under a
// condition.
Meaning meaning_of_value(const Switch& one, std::string_view value);

// Found as they stand in code without blanks.
struct Pattern {
  std::string_view text;
  bool needs_redis = true;
  std::string_view shown = {};  // empty: as it stands
};
std::span<const Pattern> verification_patterns();

// In connection strings: parameters that clients obey.
std::span<const std::string_view> url_parameters_without_verification();

// A piece of anything of all this stands in the text.
bool may_switch_off(ByteView bytes);

}  // namespace rta::files
