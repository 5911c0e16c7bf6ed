// The command that a systemd unit starts: ExecStart= of the unit and its
// drop-ins, where an empty one resets, in words as systemd.service(5) splits
// them, with specifiers and variables. A redis-server that a shell or a wrapper
// starts is told as itself. Pure; any thread.
#pragma once

#include <redis_tls_audit/observation.h>

#include <span>
#include <string>
#include <vector>

namespace rta::files {

struct UnitText {
  std::string path, text;
};

struct UnitCommand {
  std::vector<std::string> words;  // the program's path first
  std::string why_not;             // they cannot be told: why
  SourceLocation at;
  std::string working_directory;   // empty: not set
};

// `unit` is its name, "redis.service"; its own text comes first, then the drop-ins in order.
std::vector<UnitCommand> start_commands(const std::string& unit, std::span<const UnitText> texts);

}  // namespace rta::files
