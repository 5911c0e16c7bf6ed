// The flags that commands share, and how they become Settings. CLI11 stays
// behind this header and the command files.
#pragma once

#include <redis_tls_audit/result.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/settings.h"

namespace CLI {
class App;
}

namespace rta {

// Flags as written, before they are checked.
struct RawOptions {
  std::string project;
  std::string config_file;
  std::vector<std::string> targets;
  std::string profile;
  std::vector<std::string> outputs;
  std::string fail_on = "high";
  bool soft_fail = false;
  bool offline = false, ci = false, rehearse = false, aggressive = false, sweep = false;
  bool gate = false, full = false, auth_unverified = false;
  double timeout_seconds = 30;
  std::optional<int> max_connections;
  std::optional<double> rate;
  std::optional<std::string> now;
  std::string ca_file, certificate_file, key_file, server_name;
  std::string user, password_file;
  std::optional<int> password_fd;
  std::vector<std::string> anchors, allow_paths, connect_to;
  std::vector<int> ports;
  std::string attestations;
  std::string only;  // parts of a survey, "versions,suites"
  std::string history;
  std::string colour = "auto";
};

// What is judged, and how it is told: profile, outputs, gate.
void add_judging_flags(CLI::App& command, RawOptions& raw);
// How an endpoint is spoken to: time, pace, names, client certificate.
void add_survey_flags(CLI::App& command, RawOptions& raw);
// What is looked at, and how; the flags above among them.
void add_collecting_flags(CLI::App& command, RawOptions& raw);

// Checks everything, reads the configuration file and secrets. Errors are
// meant for exit code 2.
Result<Settings> settle(const RawOptions& raw);

}  // namespace rta
