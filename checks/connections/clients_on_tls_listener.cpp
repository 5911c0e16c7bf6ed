#include <redis_tls_audit/check.h>

#include <charconv>

#include "checks/common/settings.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.1"sv, "hipaa.312.b"sv, "nist.SC-8.1"sv, "nist.AU-12"sv,
                               "nist.SI-4"sv,     "pci.4.2.1"sv,   "pci.10.2.1"sv};

// Unix sockets are judged by RTA-PLAIN-004, links of replicas and to a master
// by RTA-TOPO-001.
bool is_ordinary(const ClientEntry& client) {
  return client.flags.find_first_of("USM") == std::string::npos && !client.laddr.starts_with('/');
}

struct Counts {
  std::size_t on_tls = 0;
  std::size_t without_laddr = 0;
  std::map<std::uint16_t, std::size_t> elsewhere;
};

Counts count(const std::vector<ClientEntry>& clients, std::uint16_t tls_port) {
  Counts counts;
  for (const ClientEntry& client : clients) {
    if (!is_ordinary(client)) continue;
    if (client.laddr.empty() || client.local_port == 0)
      ++counts.without_laddr;
    else if (tls_port != 0 && client.local_port == tls_port)
      ++counts.on_tls;
    else
      ++counts.elsewhere[client.local_port];
  }
  return counts;
}

std::optional<std::uint16_t> tls_port_of(const RedisServer& server) {
  const std::string* text = server.config_value("tls-port");
  if (text == nullptr) return std::nullopt;
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), port);
  if (error != std::errc{} || end != text->data() + text->size()) return std::nullopt;
  return port;
}

void judge_clients(const Endpoint& endpoint, const RedisServer& server, Findings& findings) {
  const Subject subject = Subject::endpoint(endpoint.key);
  const Provenance from{"redis_server", endpoint.key, {}, "CLIENT LIST", server_grade(endpoint)};
  if (const Gap* gap = server.clients.gap()) {
    findings.unknown(subject, *gap);
    return;
  }
  const bool has_no_tls = std::ranges::count(server.config_unknown, "tls-port") > 0;
  const std::optional<std::uint16_t> tls_port = has_no_tls ? std::uint16_t{0} : tls_port_of(server);
  if (!tls_port) {
    findings.unknown(
        subject,
        "the server did not tell its tls-port, so its clients' listeners cannot be told apart",
        GapReason::denied);
    return;
  }
  const Counts counts = count(*server.clients, *tls_port);
  for (const auto& [port, clients] : counts.elsewhere)
    findings
        .fail(Subject::client(fmt::format("{}#listener {}", endpoint.key, port)),
              fmt::format("{} client{} connected on port {}, which is not the TLS listener",
                          clients, clients == 1 ? " is" : "s are", port))
        .expected(fmt::format("every client on tls-port {}", *tls_port))
        .observed(fmt::format("{} on port {}", clients, port))
        .remediation(fmt::format("CLIENT KILL LADDR <ip>:{}\nport 0", port))
        .from(from);
  if (counts.without_laddr > 0) {
    findings.unknown(
        subject, "this server does not tell on which listener a client is (laddr, since Redis 6.2)",
        GapReason::unsupported);
  } else if (server.clients_truncated) {
    findings.unknown(subject, "the list of clients is too long to be judged whole",
                     GapReason::too_large);
  } else if (*tls_port == 0 && counts.elsewhere.empty()) {
    findings.fail(subject, "the server has no TLS listener: every client is in plaintext")
        .expected("tls-port > 0")
        .observed("tls-port 0")
        .from(from);
  } else if (counts.elsewhere.empty()) {
    findings
        .pass(subject, counts.on_tls == 0
                           ? std::string{"no other client was connected over TCP during the scan"}
                       : counts.on_tls == 1
                           ? fmt::format("the one client is on the TLS listener {}", *tls_port)
                           : fmt::format("all {} clients are on the TLS listener {}", counts.on_tls,
                                         *tls_port))
        .observed(fmt::format("{} on port {}", counts.on_tls, *tls_port))
        .from(from);
  }
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  for (const Endpoint& endpoint : evidence.endpoints) {
    if (endpoint.kind == EndpointKind::rehearsal) continue;  // nobody uses a rehearsed server
    if (const RedisServer* server = endpoint.redis.value())
      judge_clients(endpoint, *server, findings);
    else
      findings.unknown(Subject::endpoint(endpoint.key), *endpoint.redis.gap());
  }
  if (findings.empty())
    findings.unknown(Subject::deployment(), "no live server was asked for its clients",
                     GapReason::not_requested);
}

}  // namespace

extern const Check connections_clients_on_tls_listener;
constexpr Check connections_clients_on_tls_listener{
    .info = {.code = "RTA-CONN-001",
             .title = "Every connected client is on the TLS listener",
             .core = {11},
             .supports = {},
             .severity = Severity::critical,
             .statuses = {Status::pass, Status::fail, Status::unknown},
             .needs = {Need::redis_server},
             .controls = kControls,
             .remediation = "port 0"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
