#include <redis_tls_audit/check.h>

#include "base/text.h"
#include "checks/common/settings.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.308.a.1.ii.A"sv, "hipaa.308.a.8"sv, "nist.CM-6"sv,
                               "nist.CM-8"sv,          "pci.2.2.1"sv,     "pci.12.5.1"sv};
constexpr std::array kCompared{"tls-protocols",    "tls-ciphers",     "tls-ciphersuites",
                               "tls-auth-clients", "tls-replication", "tls-cluster",
                               "protected-mode",   "loglevel",        "timeout"};

struct Node {
  const Endpoint* endpoint;
  const RedisServer* server;
};

// Parameters in which a node differs from the first one.
std::vector<std::string> differences(const RedisServer& first, const RedisServer& other) {
  std::vector<std::string> names;
  for (const char* parameter : kCompared) {
    const std::string* one = first.config_value(parameter);
    const std::string* two = other.config_value(parameter);
    if (one != nullptr && two != nullptr && *one != *two)
      names.push_back(fmt::format("{} ({}, here {})", parameter, *one, *two));
  }
  return names;
}

// The most nodes that any server says there are: itself, its replicas, its
// primary, its cluster.
std::size_t announced(const std::vector<Node>& nodes) {
  std::size_t most = 1;
  for (const Node& node : nodes) {
    std::size_t count =
        1 + node.server->replicas.size() + (node.server->master_host.empty() ? 0 : 1);
    if (const auto* cluster = node.server->cluster_nodes.value())
      count = std::max(count, cluster->size());
    most = std::max(most, count);
  }
  return most;
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  std::vector<Node> nodes;
  for (const Endpoint& endpoint : evidence.endpoints) {
    if (endpoint.kind != EndpointKind::live) continue;
    if (const RedisServer* server = endpoint.redis.value())
      nodes.push_back({&endpoint, server});
    else
      findings.unknown(Subject::endpoint(endpoint.key), *endpoint.redis.gap());
  }
  if (nodes.empty()) {
    if (findings.empty())
      findings.unknown(Subject::deployment(), "no live node was asked", GapReason::not_requested);
    return;
  }
  const std::size_t expected = announced(nodes);
  for (std::size_t i = 1; i < nodes.size(); ++i) {
    const std::vector<std::string> differs = differences(*nodes.front().server, *nodes[i].server);
    if (!differs.empty())
      findings
          .warn(
              Subject::endpoint(nodes[i].endpoint->key),
              fmt::format("differs from {}: {}", nodes.front().endpoint->key, join(differs, ", ")))
          .observed(join(differs, ", "))
          .from({"redis_server",
                 nodes[i].endpoint->key,
                 {},
                 "CONFIG GET",
                 server_grade(*nodes[i].endpoint)});
  }
  if (nodes.size() < expected)
    findings
        .unknown(
            Subject::deployment(),
            fmt::format("the servers tell of {} nodes, and {} answered", expected, nodes.size()),
            GapReason::incomplete)
        .remediation("name the other nodes with --target");
  else if (findings.empty() && nodes.size() == 1)
    findings.not_applicable(Subject::deployment(), "there is one node");
  else if (findings.empty())
    findings
        .pass(Subject::deployment(), fmt::format("all {} nodes answered and agree", nodes.size()))
        .grade(Grade::effective);
}

}  // namespace

extern const Check topology_nodes_agree;
constexpr Check topology_nodes_agree{
    .info = {.code = "RTA-TOPO-007",
             .title = "All nodes were reached and agree",
             .core = {},
             .supports = {1},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::unknown, Status::not_applicable},
             .needs = {Need::redis_server, Need::topology},
             .controls = kControls,
             .remediation = "roll the same configuration out to every node"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
