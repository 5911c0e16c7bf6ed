#include <redis_tls_audit/check.h>

#include <charconv>

#include "base/text.h"
#include "checks/common/server_logs.h"
#include "checks/common/settings.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.308.a.1.ii.D"sv, "hipaa.312.b"sv, "nist.AU-6"sv,
                               "nist.SI-4"sv,          "pci.10.4.1"sv,  "pci.10.2.1.4"sv};

std::optional<std::uint64_t> counter(const RedisServer& server, const std::string& name) {
  const std::string* text = server.info_value(name);
  std::uint64_t value = 0;
  if (text == nullptr) return std::nullopt;
  const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (problem != std::errc{} || end != text->data() + text->size()) return std::nullopt;
  return value;
}

std::uint64_t total(const std::map<std::string, std::uint64_t>& failures) {
  std::uint64_t sum = 0;
  for (const auto& [reason, count] : failures) sum += count;
  return sum;
}

// "wrong version number 40 times, no shared cipher 2 times"
std::string top_reasons(const std::map<std::string, std::uint64_t>& failures) {
  std::vector<std::pair<std::uint64_t, std::string>> sorted;
  for (const auto& [reason, count] : failures) sorted.emplace_back(count, reason);
  std::ranges::stable_sort(sorted, std::ranges::greater{}, [](const auto& one) { return one.first; });
  std::vector<std::string> told;
  for (const auto& [count, reason] : sorted)
    if (told.size() < 3) told.push_back(fmt::format("{} ({})", reason, count));
  return join(told, ", ");
}

// What Redis counts itself is weaker: it knows nothing of TLS.
Gap with_substitute(Gap gap, const RedisServer& server) {
  if (const auto rejected = counter(server, "rejected_connections"))
    gap.detail += fmt::format("; the server itself counts {} above maxclients, which tells nothing "
                              "of handshakes",
                              counted(*rejected, "connection"));
  return gap;
}

// How much of the time since the server's start the lines cover.
struct Covered {
  double share = 1;          // of the connections since the start, were they spread evenly
  std::string since;         // "the server's start", "2026-11-20"
};

std::optional<Covered> covered_by(const ServerLog& log, const RedisServer& server,
                                  Timestamp as_of) {
  if (log.process_started) return Covered{1, "the server's start"};
  const auto uptime = counter(server, "uptime_in_seconds");
  if (!uptime || !log.oldest || *log.oldest > as_of) return std::nullopt;
  const auto seen = (as_of - *log.oldest).count();
  if (static_cast<std::uint64_t>(seen) >= *uptime) return Covered{1, "the server's start"};
  return Covered{static_cast<double>(seen) / static_cast<double>(*uptime),
                 to_rfc3339(*log.oldest)};
}

void judge_log(const Endpoint& endpoint, const RedisServer& server, const Observation<ServerLog>& log,
               const Evidence& evidence, const Policy& policy, Findings& findings) {
  const Subject subject = Subject::endpoint(endpoint.key);
  const auto received = counter(server, "total_connections_received");
  const auto covered = covered_by(*log, server, evidence.as_of);
  if (!received || !covered) {
    findings.unknown(subject, fmt::format("{} was read, but the server did not tell how many "
                                          "connections it had, or since when",
                                          log->path),
                     GapReason::incomplete);
    return;
  }
  const std::uint64_t failures = total(log->handshake_failures);
  const double of = static_cast<double>(*received) * covered->share;
  const double percent = of > 0 ? 100.0 * static_cast<double>(failures) / of : failures > 0 ? 100.0 : 0.0;
  const int limit = policy.connections.max_handshake_failures_percent;
  const std::string connections =
      fmt::format("{}{} connections since {}", covered->share < 1 ? "about " : "",
                  static_cast<std::uint64_t>(of), covered->since);
  const std::string said =
      failures == 0
          ? fmt::format("{} tells of no failed handshake among {}", log->path, connections)
          : fmt::format("{} tells of {}, {:.1f} % of {}", log->path,
                        counted(failures, "failed handshake"), percent, connections);
  auto entry = percent >= limit && failures > 0
                   ? findings.warn(subject, fmt::format("{}: {}", said, top_reasons(log->handshake_failures)))
                   : findings.pass(subject, said);
  entry.expected(fmt::format("less than {} % of the connections received", limit))
      .observed(failures == 0 ? "none" : top_reasons(log->handshake_failures))
      .from(log);
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  for (const Endpoint& endpoint : evidence.endpoints) {
    if (endpoint.kind != EndpointKind::live) continue;
    const Subject subject = Subject::endpoint(endpoint.key);
    const RedisServer* server = endpoint.redis.value();
    if (server == nullptr) {
      findings.unknown(subject, *endpoint.redis.gap());
      continue;
    }
    const Observation<ServerLog> log = log_of(evidence, endpoint);
    if (log.gap() != nullptr)
      findings.unknown(subject, with_substitute(*log.gap(), *server));
    else
      judge_log(endpoint, *server, log, evidence, policy, findings);
  }
  if (findings.empty())
    findings.unknown(Subject::deployment(), "no live server is known whose log could be read",
                     GapReason::not_requested);
}

}  // namespace

extern const Check connections_handshake_failures;
constexpr Check connections_handshake_failures{
    .info = {.code = "RTA-CONN-003",
             .title = "Failed TLS handshakes are logged and rare",
             .core = {},
             .supports = {11},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::unknown},
             .needs = {Need::redis_server, Need::server_log},
             .controls = kControls,
             .remediation = "ship the log and raise an alarm on \"Error accepting a client "
                            "connection\"; a plaintext client shows as \"wrong version number\""},
    .evaluate = evaluate,
};

}  // namespace rta::checks
