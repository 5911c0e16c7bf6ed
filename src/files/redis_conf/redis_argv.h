// The command line of redis-server 7.0.15 (src/server.c, main): which argument
// is the file, whether standard input is read, and the text into which the
// options turn before the ordinary parser reads it. Pure; any thread.
#pragma once

#include <optional>
#include <span>
#include <string>

namespace rta {

struct RedisCommandLine {
  std::optional<std::string> file;  // argv[1] that does not begin with '-'
  bool from_stdin = false;          // "-" as first or last argument
  std::string options;              // directives, one a line
  bool sentinel = false;            // --sentinel
  bool prints_and_exits = false;    // --version, --help and the like: no server
};

// `arguments` are those behind the program's name.
RedisCommandLine read_redis_argv(std::span<const std::string> arguments);

}  // namespace rta
