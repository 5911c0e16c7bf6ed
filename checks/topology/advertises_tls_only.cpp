#include <redis_tls_audit/check.h>

#include "checks/common/settings.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.1"sv, "nist.SC-8.1"sv, "nist.CM-6"sv, "pci.4.2.1"sv};
constexpr std::uint16_t kFallbackBus = 10000;  // where the bus goes when port is 0

std::string name_of_node(const ClusterNode& node) {
  const std::string where = !node.hostname.empty() ? node.hostname : node.host;
  return where.empty() ? node.id.substr(0, 8) : where;
}

void judge_nodes(const Subject& subject, const Provenance& from,
                 const std::vector<ClusterNode>& nodes, Findings& findings) {
  bool all_good = true;
  for (const ClusterNode& node : nodes) {
    // CLUSTER NODES alone cannot tell which kind its one port is.
    if (node.port != 0 && node.tls_port == 0) {
      all_good = false;
      findings
          .unknown(subject,
                   fmt::format("node {} advertises port {}; whether it is TLS was not told",
                               name_of_node(node), node.port),
                   GapReason::incomplete)
          .variant(node.id);
    } else if (node.port != 0 && node.port != node.tls_port) {
      all_good = false;
      findings
          .fail(subject, fmt::format("node {} sends clients to plaintext port {}",
                                     name_of_node(node), node.port))
          .expected("tls-port only")
          .observed(fmt::format("port {}, tls-port {}", node.port, node.tls_port))
          .variant(node.id)
          .from(from);
    } else if (node.tls_port == 0) {
      all_good = false;
      findings
          .warn(
              subject,
              fmt::format("node {} advertises no port at all{}", name_of_node(node),
                          node.bus_port == kFallbackBus ? "; its bus fell back to port 10000" : ""))
          .expected("tls-port, and cluster-port set")
          .observed(fmt::format(":0@{}", node.bus_port))
          .variant(node.id)
          .from(from);
    }
  }
  if (all_good)
    findings.pass(subject, nodes.size() == 1
                               ? std::string{"the node advertises its TLS port only"}
                               : fmt::format("all {} nodes advertise their TLS port only",
                                             nodes.size()))
        .from(from);
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  for (const Endpoint& endpoint : evidence.endpoints) {
    const Subject subject = Subject::endpoint(endpoint.key);
    const RedisServer* server = endpoint.redis.value();
    const std::string* enabled =
        server == nullptr ? nullptr : server->info_value("cluster_enabled");
    if (server == nullptr)
      findings.unknown(subject, *endpoint.redis.gap());
    else if (is_sentinel(*server))
      findings.not_applicable(subject, "a sentinel is not part of a cluster");
    else if (enabled == nullptr)
      findings.unknown(subject, untold(*server, "whether it is part of a cluster",
                                       "ACL SETUSER auditor +info"));
    else if (*enabled != "1")
      findings.not_applicable(subject, "the server reported that it is not part of a cluster");
    else if (const Gap* gap = server->cluster_nodes.gap())
      findings.unknown(subject, *gap);
    else
      judge_nodes(subject,
                  {"redis_server",
                   endpoint.key,
                   {},
                   "CLUSTER SHARDS, CLUSTER NODES",
                   server_grade(endpoint)},
                  *server->cluster_nodes, findings);
  }
  if (findings.empty())
    findings.unknown(Subject::deployment(), "no live server was asked for its cluster",
                     GapReason::not_requested);
}

}  // namespace

extern const Check topology_advertises_tls_only;
constexpr Check topology_advertises_tls_only{
    .info = {.code = "RTA-TOPO-003",
             .title = "The cluster advertises TLS endpoints only",
             .core = {},
             .supports = {1},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown,
                          Status::not_applicable},
             .needs = {Need::redis_server, Need::topology},
             .controls = kControls,
             .remediation = "port 0\ntls-port 6379\ncluster-port 16379"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
