// Command is one request that may be sent to a Redis server. Only commands of
// the read-only table (scan_commands.h) can be made: another word does not
// compile. It is encoded when it is made and holds no argument in readable
// form beside its bytes.
#pragma once

#include <redis_tls_audit/bytes.h>
#include <redis_tls_audit/secret.h>

#include <string>
#include <string_view>
#include <vector>

#include "redis/scan_commands.h"

namespace rta::redis {

// The words of a command without arguments: "CLIENT LIST".
struct PlainCommand {
  std::string_view words;
  consteval PlainCommand(const char* text) : words(text) {
    if (!is_scan_command(words)) throw "not in the table of commands that a scan may send";
    if (words == "AUTH" || words == "HELLO" || words == "CONFIG GET") throw "needs arguments";
  }
};

// The name of a parameter that CONFIG GET may ask for: never a password.
struct ConfigParameter {
  std::string_view name;
  consteval ConfigParameter(const char* text) : name(text) {
    if (!is_config_parameter(name)) throw "not in the table of parameters that a scan may read";
  }
};

class Command {
 public:
  explicit Command(PlainCommand plain);
  // All parameters of the table, or one of them.
  static Command config_get_all();
  static Command config_get(ConfigParameter parameter);
  static Command config_get(std::size_t index_in_table);
  // RESP2, and the connection gets our name.
  static Command hello();
  // The same, logging in by the one try that a scan makes. An empty user is "default".
  static Command hello(std::string_view user, const Secret& password);
  // Without a user: the form that Redis before 6.0 knows.
  static Command auth(std::string_view user, const Secret& password);
  static Command acl_log(std::uint64_t most);

  [[nodiscard]] std::string_view name() const { return name_; }  // "CONFIG GET", without arguments
  [[nodiscard]] const Bytes& wire() const { return wire_; }

 private:
  Command(std::string_view name, const std::vector<std::string_view>& words);
  std::string_view name_;  // of a literal
  Bytes wire_;
};

}  // namespace rta::redis
