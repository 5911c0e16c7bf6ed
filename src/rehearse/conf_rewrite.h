// The configuration under which a project's Redis is rehearsed. A project's
// redis.conf is code: loadmodule, include, dir, aclfile and logfile reach
// outside. So nothing is passed on; a new configuration is written from an
// allow-list of settings that shape TLS and sessions and change nothing on
// disk, and every line keeps the place of the project that it stands for. Pure.
#pragma once

#include <redis_tls_audit/facts/redis_conf.h>

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace rta::rehearse {

// Where the private server listens, and its own files.
struct Stage {
  std::string address;     // a loopback address of this run
  std::uint16_t port = 0;  // free ports on it
  std::uint16_t tls_port = 0;
  std::uint16_t bus_port = 0;
  std::string certificate, key, ca, dh;  // paths; empty = none
  // Directives that the installed server turned out not to know.
  std::set<std::string> unknown;
  // One more user, over the private socket only; empty = none.
  std::string observer;
  std::string observer_sha256;  // of its password
  std::string observer_rules;
  std::string password_sha256;  // of a password in place of the project's; empty = nobody logs in
};

struct RewrittenConfiguration {
  std::string text;  // of the private redis.conf
  // Of each line of the text: the directive, and where the project says it.
  struct Line {
    std::string directive;
    SourceLocation at;  // empty path: a line of ours
  };
  std::vector<Line> lines;
  std::vector<Gap> not_applied;  // what was left out, each with file and line
};

RewrittenConfiguration rewrite_configuration(const RedisConfiguration& configuration,
                                             const Stage& stage);

// The value that CONFIG GET shows there is the project's, not the stage's.
bool is_of_the_project(std::string_view parameter);

// The configuration is for a Sentinel, which has other commands and no data.
bool is_for_sentinel(const RedisConfiguration& configuration);

// The names of files in the private server's directory.
inline constexpr std::string_view kSocketFile = "observer.sock";
inline constexpr std::string_view kConfigurationFile = "redis.conf";

}  // namespace rta::rehearse
