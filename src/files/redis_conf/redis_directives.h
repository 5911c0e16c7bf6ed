// The directives of redis.conf in Redis 7.0.15, as data: name, alias, kind of
// value, range and default. Pure; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

namespace rta {

enum class DirectiveKind {
  yes_no,
  text,
  words,
  word_list,
  number,
  octal,
  memory,
  memory_or_percent,
  // With a grammar of their own.
  directory,
  save,
  buffer_limits,
  oom_scores,
  events,
  addresses,
  replica_of,
  percentiles
};

struct DirectiveInfo {
  std::string_view name;
  std::string_view alias;
  DirectiveKind kind = DirectiveKind::text;
  std::string_view initial;  // as CONFIG GET prints the default
  std::string_view words;    // of kind words and word_list, in Redis' order
  std::int64_t low = 0;
  std::int64_t high = std::numeric_limits<std::int64_t>::max();
  bool is_unsigned = false;  // compared as an unsigned number, as Redis does
  bool unbounded = false;    // up to 2^64 - 1

  // Takes any number of words; one quoted word is split again.
  [[nodiscard]] bool takes_many() const {
    switch (kind) {
      case DirectiveKind::word_list:
      case DirectiveKind::save:
      case DirectiveKind::buffer_limits:
      case DirectiveKind::oom_scores:
      case DirectiveKind::addresses:
      case DirectiveKind::replica_of:
      case DirectiveKind::percentiles:
        return true;
      case DirectiveKind::yes_no:
      case DirectiveKind::text:
      case DirectiveKind::words:
      case DirectiveKind::number:
      case DirectiveKind::octal:
      case DirectiveKind::memory:
      case DirectiveKind::memory_or_percent:
      case DirectiveKind::directory:
      case DirectiveKind::events:
        break;
    }
    return false;
  }
};

std::span<const DirectiveInfo> redis_directives();

// By name or alias, in lower case; null when 7.0.15 has no such directive.
const DirectiveInfo* find_directive(std::string_view name);

// The first release that knows a directive which 7.0.15 refuses ("Redis 7.2",
// "Redis 8.6, Valkey 9"); empty for names that no release knows.
std::string_view directive_since(std::string_view name);

// The value is a password or passphrase: requirepass, masterauth, tls-*-pass.
bool is_secret_directive(std::string_view name);

// The directive decides a check of TLS, listeners, access or logging.
bool is_security_directive(std::string_view name);

// Command names of 7.0.15, in lower case; subcommands as "config|get".
bool is_redis_command(std::string_view name);
bool has_subcommands(std::string_view command);

}  // namespace rta
