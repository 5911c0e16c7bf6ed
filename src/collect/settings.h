// ScanSettings is what the operator asked for, checked: the result of the
// command line and the configuration file, the input of the collectors.
#pragma once

#include <redis_tls_audit/secret.h>
#include <redis_tls_audit/time.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tls/gate.h"
#include "tls/survey_parts.h"

namespace rta {

struct HostPort {
  std::string host;
  std::uint16_t port = 6379;
  auto operator<=>(const HostPort&) const = default;
};

// One endpoint that the operator named, with the credentials for it alone.
struct TargetSettings {
  HostPort address;
  std::string given;                    // as written
  std::string user;
  std::shared_ptr<const Secret> password;
  std::string ca_file, certificate_file, key_file;   // operator's own paths
  std::string server_name;              // SNI and name to verify, empty = host
};

struct ScanSettings {
  std::optional<std::string> project;   // absent: no tree is audited
  std::vector<TargetSettings> targets;
  std::map<HostPort, HostPort> connect_to;   // for connecting only
  std::vector<std::string> anchors;     // files, SHA-256 in hex, or "public"
  std::vector<std::string> allow_paths;
  std::optional<std::string> attestations_file;
  std::optional<std::string> waivers_file;
  std::optional<std::string> history_directory;   // earlier reports; this one joins them
  std::string config_file;              // that the operator named, or empty
  // "ci.toml:3:1: anchors": keys of a configuration inside the judged tree.
  std::vector<std::string> not_obeyed;
  std::chrono::milliseconds timeout{30'000};          // per endpoint
  std::chrono::milliseconds connect_timeout{10'000};
  std::optional<Timestamp> now;
  bool offline = false;
  bool ci = false;
  bool rehearse = false;
  bool gate_mode = false;
  std::optional<tls::GatePlan> gate_plan;  // what the profile forbids
  bool aggressive = false;
  bool sweep = false;
  tls::SurveyParts parts;               // of a survey; the others are not asked for
  bool auth_unverified = false;         // send credentials over unverified channels (reported)
  int max_connections = 0;              // per endpoint, 0 = no own limit
  double rate_per_second = 0;           // of connections, 0 = paced by service time
  std::vector<std::uint16_t> extra_ports;
  // Raised when the operator asks to stop; what was seen so far is kept.
  const std::atomic<bool>* stop = nullptr;
};

}  // namespace rta
