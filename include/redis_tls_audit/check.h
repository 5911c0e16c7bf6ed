// Check is a constant description and a pure function: evidence and policy in,
// findings out. A check that wants a clock, a file or a socket is missing a
// piece of Evidence instead. One file a check; checks/README.md tells how.
#pragma once

#include <redis_tls_audit/evidence.h>
#include <redis_tls_audit/finding.h>
#include <redis_tls_audit/policy.h>

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

namespace rta {

using namespace std::string_view_literals;

// What has to be collected before a check can speak; the planner unions these
// and runs only the collectors that serve them.
enum class Need : std::uint32_t {
  project_files = 1U << 0,   // consumers, redis.conf, compose, certificates, keys
  repository = 1U << 1,      // git: ignore rules, index, history
  artefacts = 1U << 2,       // schedules, monitors, log shipping, documents, scripts
  source_code = 1U << 3,     // application source: verification switched off
  port = 1U << 4,            // what the port answers (plaintext, TLS, nothing)
  tls_survey = 1U << 5,      // versions, suites, groups, behaviour
  served_chain = 1U << 6,    // a completed handshake: certificates
  redis_server = 1U << 7,    // RESP over the endpoint
  consumer_sessions = 1U << 8,
  topology = 1U << 9,        // replicas, cluster bus, sentinels
  attestations = 1U << 10,
  history = 1U << 11,        // store of earlier scans
  server_log = 1U << 12,     // log files of redis-server on this host
};

// Needs is a set of Need, built at compile time: {Need::port, Need::tls_survey}.
struct Needs {
  std::uint32_t bits = 0;
  constexpr Needs() = default;
  constexpr Needs(std::initializer_list<Need> needs) {
    for (const Need need : needs) bits |= static_cast<std::uint32_t>(need);
  }
  [[nodiscard]] constexpr bool has(Need need) const {
    return (bits & static_cast<std::uint32_t>(need)) != 0;
  }
  constexpr Needs& operator|=(Needs other) { bits |= other.bits; return *this; }
};

// Items of the checklist: 1 to 12, and 13 = S, the supporting safeguards.
inline constexpr int kItemS = 13;
inline constexpr int kItemCount = 13;

struct ItemSet {
  std::uint16_t bits = 0;
  constexpr ItemSet() = default;
  constexpr ItemSet(std::initializer_list<int> items) {
    for (const int item : items) bits = static_cast<std::uint16_t>(bits | 1U << item);
  }
  [[nodiscard]] constexpr bool has(int item) const { return (bits >> item & 1U) != 0; }
};

struct StatusSet {
  std::uint8_t bits = 0;
  constexpr StatusSet() = default;
  constexpr StatusSet(std::initializer_list<Status> statuses) {
    for (const Status status : statuses)
      bits = static_cast<std::uint8_t>(bits | 1U << static_cast<int>(status));
  }
  [[nodiscard]] constexpr bool has(Status status) const {
    return (bits >> static_cast<int>(status) & 1U) != 0;
  }
};

// A catalogue code such as "RTA-CIP-002"; anything else does not compile.
struct CheckCode {
  std::string_view text;
  consteval CheckCode(const char* code) : text(code) {
    const bool well_formed = text.starts_with("RTA-") && text.size() > 8 &&
                             text[text.size() - 4] == '-' &&
                             std::ranges::all_of(text.substr(text.size() - 3), [](char c) {
                               return c >= '0' && c <= '9';
                             });
    if (!well_formed) throw "a check's code looks like RTA-CIP-002";
  }
};

struct CheckInfo {
  CheckCode code;
  std::string_view title;        // what must hold: "TLS 1.0 is refused"
  ItemSet core;                  // items that this check decides
  ItemSet supports;              // items that it informs
  Severity severity = Severity::medium;
  StatusSet statuses;            // all that evaluate() can give; tests prove each
  Needs needs;
  // "hipaa.312.e.1", "nist.SC-8.1", "pci.4.2.1", "sp800-52r2.3.1", "RFC 8996"
  std::span<const std::string_view> controls;
  std::string_view remediation;  // default fix, one or a few exact lines
};

struct Check {
  CheckInfo info;
  void (*evaluate)(const Evidence&, const Policy&, Findings&);
};

// One row of the generated table: a check with its name (its path below
// checks/, "protocol/tls10_refused") and its embedded page in Markdown.
struct CheckEntry {
  std::string_view name;
  const Check* check;
  std::string_view page;
};

// All checks of this build, sorted by name.
std::span<const CheckEntry> all_checks();
// By code or by name; null when there is none.
const CheckEntry* find_check(std::string_view code_or_name);
const CheckEntry& entry_of(const Check& check);

}  // namespace rta
