// Collector fills one part of the Evidence; collectors are the only code that
// touches the world. A collector never throws out and never ends a scan: what
// fails becomes a Gap with a reason.
#pragma once

#include <redis_tls_audit/check.h>
#include <redis_tls_audit/evidence.h>

#include <functional>
#include <map>
#include <set>
#include <memory>
#include <string>

#include "base/deadline.h"
#include "base/file_system.h"
#include "collect/inline_files.h"
#include "collect/settings.h"
#include "tls/handshake_probe.h"

namespace rta {

namespace rehearse {
class Rehearsal;
}

// SecretVault keeps the secrets that collectors met, by ordinal: equal values
// share one. Evidence holds only the ordinals.
class SecretVault {
 public:
  // The ordinal for this value: "secret#1", the same for equal values.
  std::string put(std::string_view value);
  [[nodiscard]] const Secret* find(const std::string& ordinal) const;

 private:
  std::vector<Secret> secrets_;
};

// What is known about a secret value; puts it into the vault.
SecretFacts describe_secret(std::string_view value, SecretVault& vault);

struct CollectContext {
  const ScanSettings& settings;
  const ProjectFiles* files = nullptr;   // null: no project is audited
  SecretVault& secrets;
  Needs needs;                           // of the selected checks
  // Called with a short line for people; does nothing when no one watches.
  std::function<void(const std::string&)> progress = [](const std::string&) {};
  // Rehearsed servers by the key of their endpoint: they run until the scan ends.
  std::map<std::string, std::shared_ptr<rehearse::Rehearsal>> rehearsals = {};
  std::set<std::string> silent_to_ping = {};  // endpoints, by key
  // What they chose when their port was classified, by key.
  std::map<std::string, tls::HandshakeAnswer> first_answers = {};
  std::map<std::string, InlineFiles> inline_files = {};  // by compose service
  Timestamp started = {};                // by the clock on the wall, whatever --now says
};

struct Collector {
  std::string_view name;
  Needs provides;
  bool uses_network = false;
  void (*collect)(CollectContext&, Evidence&);
};

// In the order in which they run: files first, then endpoints (which the files
// may name), then sessions of the consumers.
std::span<const Collector> all_collectors();

// Runs the collectors that serve `needs` and the scope. Never fails; problems
// are Gaps in the Evidence.
Evidence collect(const ScanSettings& settings, Needs needs,
                 const std::function<void(const std::string&)>& progress);

}  // namespace rta
