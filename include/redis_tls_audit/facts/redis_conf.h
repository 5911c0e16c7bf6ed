// RedisConfiguration is what one source (redis.conf with its includes, or the
// command line of a compose service with the file it names) tells redis-server.
#pragma once

#include <redis_tls_audit/observation.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace rta {

struct Directive {
  std::string name;                     // lower case
  std::vector<std::string> arguments;   // secrets replaced by "***"
  SourceLocation location;
  bool from_command_line = false;
};

struct ConfigurationUser {              // `user` lines and the ACL file
  std::string name;
  bool enabled = false;
  bool nopass = false;
  int passwords = 0;
  bool placeholder_password = false;
  std::string rules;                    // without passwords and hashes
  SourceLocation location;
};

struct RedisConfiguration {
  std::string source;                   // "redis.conf", "docker-compose.yml#redis"
  std::string service;                  // compose service, empty for plain files
  std::vector<std::string> argv;        // effective arguments of redis-server, secrets masked
  std::vector<Directive> directives;    // in the order in which redis reads them
  // After "last one wins": parameter -> value as CONFIG GET would print it,
  // with Redis' own defaults filled in for the parameters that checks ask for.
  std::map<std::string, std::string> effective;
  std::map<std::string, SourceLocation> decided_at;   // absent = default
  bool password_set = false;            // requirepass present and not empty
  bool password_placeholder = false;
  std::vector<ConfigurationUser> users;
  bool default_user_open = true;        // default user on without a password
  // The server would not start: Redis' own reason, and the line when known.
  std::optional<std::string> refused;
  SourceLocation refused_at;
  std::vector<std::string> duplicates;  // "tls-port: redis.conf:4 and redis.conf:9"
  std::vector<std::string> unknown_directives;
  std::vector<Gap> gaps;                // includes outside the project, shell scripts ...
  // The official image's build: protected-mode is compiled to "no".
  bool container_image = false;

  [[nodiscard]] const std::string* value(const std::string& name) const {
    const auto found = effective.find(name);
    return found == effective.end() ? nullptr : &found->second;
  }
  [[nodiscard]] SourceLocation where(const std::string& name) const {
    const auto found = decided_at.find(name);
    return found == decided_at.end() ? SourceLocation{source.substr(0, source.find('#')), 0, 0}
                                     : found->second;
  }
};

}  // namespace rta
