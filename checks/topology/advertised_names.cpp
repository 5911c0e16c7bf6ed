#include <redis_tls_audit/check.h>

#include "base/text.h"
#include "checks/common/certificates.h"
#include "checks/common/settings.h"
#include "x509/names.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.d"sv, "nist.SC-23"sv, "nist.IA-5.2"sv,
                               "sp800-52r2.4.5"sv, "pci.4.2.1"sv};
constexpr std::string_view kRemedy =
    "cluster-announce-hostname <name in the certificate> and cluster-preferred-endpoint-type "
    "hostname; for sentinels: resolve-hostnames yes, announce-hostnames yes";

// Where a redirect or a fail-over sends clients.
struct Advertised {
  std::string what;   // "node 10.0.0.2:6379"
  std::string name;   // host name or address that clients will connect to
  std::string host;   // further names of the same place
  std::uint16_t port = 0;
};

std::string place(const std::string& host, std::uint16_t port) {
  return host.find(':') == std::string::npos ? fmt::format("{}:{}", host, port)
                                             : fmt::format("[{}]:{}", host, port);
}

// Redirects name the address unless the server prefers host names.
std::string redirect_name(const ClusterNode& node, const RedisServer& server) {
  const std::string* preferred = server.config_value("cluster-preferred-endpoint-type");
  const bool by_hostname = preferred != nullptr && *preferred == "hostname";
  return by_hostname && !node.hostname.empty() ? node.hostname : node.host;
}

std::vector<Advertised> advertised_by(const RedisServer& server) {
  std::vector<Advertised> all;
  if (const std::vector<ClusterNode>* nodes = server.cluster_nodes.value())
    for (const ClusterNode& node : *nodes) {
      const std::uint16_t port = node.tls_port != 0 ? node.tls_port : node.port;
      const std::string name = redirect_name(node, server);
      all.push_back({"node " + place(name, port), name,
                     name == node.host ? node.hostname : node.host, port});
    }
  if (const std::vector<WatchedPrimary>* primaries = server.watched_primaries.value())
    for (const WatchedPrimary& primary : *primaries)
      all.push_back({fmt::format("primary {} at {}", primary.name, place(primary.host, primary.port)),
                     primary.host, {}, primary.port});
  return all;
}

// The audited endpoint behind an advertised place: by address, else by name.
const Endpoint* endpoint_at(const Evidence& evidence, const Advertised& advertised) {
  for (const Endpoint& endpoint : evidence.endpoints) {
    if (endpoint.kind != EndpointKind::live) continue;
    for (const std::string& host : {advertised.name, advertised.host}) {
      if (host.empty()) continue;
      const std::string at = place(host, advertised.port);
      if (endpoint.address == at || endpoint.key == lower_ascii(at) ||
          std::ranges::count(endpoint.aliases, lower_ascii(at)) > 0)
        return &endpoint;
    }
  }
  return nullptr;
}

// Somebody would notice: a consumer whose library compares names.
bool names_are_verified(const Evidence& evidence) {
  const std::vector<const Consumer*> consumers = tls_consumers(evidence);
  return consumers.empty() || std::ranges::any_of(consumers, [](const Consumer* consumer) {
           return consumer->level == VerificationLevel::tls_verified ||
                  consumer->level == VerificationLevel::unknown;
         });
}

// A node without an address of its own sends clients back to where they asked:
// a cluster of one, or one that has met no other yet.
Advertised resolved(Advertised advertised, const Endpoint& teller) {
  if (!advertised.name.empty() || !advertised.host.empty()) return advertised;
  return {"node " + teller.key, teller.host, {}, teller.port};
}

void judge_place(const Endpoint& teller, const Advertised& advertised, const Provenance& from,
                 const Evidence& evidence, Findings& findings) {
  const Subject subject = Subject::endpoint(teller.key);
  const Endpoint* endpoint = endpoint_at(evidence, advertised);
  const ServedChain* chain = endpoint == nullptr ? nullptr : real_chain(*endpoint);
  const std::string shown = printable(advertised.name, 100);
  if (chain == nullptr) {
    findings
        .unknown(subject, fmt::format("the certificate of {} was not seen", advertised.what),
                 GapReason::incomplete)
        .remediation(fmt::format("audit it too: --target rediss://{}",
                                 place(shown, advertised.port)))
        .variant(advertised.what);
    return;
  }
  const Result<x509::Certificate> leaf = x509::parse_certificate(chain->certificates.front());
  if (!leaf) {
    findings.unknown(subject, fmt::format("the certificate of {} cannot be read", advertised.what),
                     GapReason::malformed)
        .variant(advertised.what);
    return;
  }
  const x509::NameMatch match = x509::match_name(*leaf, advertised.name);
  if (match == x509::NameMatch::exact || match == x509::NameMatch::wildcard) {
    findings
        .pass(subject, fmt::format("{} is in the certificate that is served there", advertised.what))
        .observed(x509::names_text(*leaf, 5))
        .variant(advertised.what)
        .from(from);
    return;
  }
  const bool noticed = names_are_verified(evidence);
  findings
      .add(noticed ? Status::fail : Status::warn, subject,
           fmt::format("clients are sent to {}, and the certificate served there names {}{}",
                       advertised.what, x509::names_text(*leaf, 5),
                       noticed ? "" : "; no client compares names today"))
      .expected(fmt::format("subjectAltName with {}:{}", x509::parse_address(advertised.name) ? "IP" : "DNS",
                            shown))
      .observed(x509::names_text(*leaf, 5))
      .variant(advertised.what)
      .from(from);
}

void judge_server(const Endpoint& endpoint, const RedisServer& server, const Evidence& evidence,
                  Findings& findings) {
  const Subject subject = Subject::endpoint(endpoint.key);
  const std::string* cluster = server.info_value("cluster_enabled");
  const bool sentinel = is_sentinel(server);
  if (cluster == nullptr && !sentinel) {
    findings.unknown(subject, untold(server, "whether it is part of a cluster",
                                     "ACL SETUSER auditor +info"));
  } else if (sentinel ? !server.watched_primaries.has_value()
                         : *cluster == "1" && !server.cluster_nodes.has_value()) {
    findings.unknown(subject,
                     sentinel ? *server.watched_primaries.gap() : *server.cluster_nodes.gap());
  } else if (!sentinel && *cluster != "1") {
    findings.not_applicable(subject, "neither a cluster node nor a sentinel: it sends clients nowhere");
  } else {
    const std::vector<Advertised> places = advertised_by(server);
    for (const Advertised& advertised : places)
      judge_place(endpoint, resolved(advertised, endpoint),
                  {"redis_server", endpoint.key, {}, sentinel ? "SENTINEL MASTERS" : "CLUSTER SHARDS",
                   server_grade(endpoint)},
                  evidence, findings);
    if (places.empty())
      findings.unknown(subject, "it advertises no place at all", GapReason::incomplete);
  }
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  for (const Endpoint& endpoint : evidence.endpoints) {
    if (endpoint.kind != EndpointKind::live) continue;
    if (const RedisServer* server = endpoint.redis.value())
      judge_server(endpoint, *server, evidence, findings);
    else
      findings.unknown(Subject::endpoint(endpoint.key), *endpoint.redis.gap());
  }
  if (findings.empty())
    findings.unknown(Subject::deployment(), "no live server was asked where it sends its clients",
                     GapReason::not_requested);
}

}  // namespace

extern const Check topology_advertised_names;
constexpr Check topology_advertised_names{
    .info = {.code = "RTA-TOPO-004",
             .title = "Advertised host names match the certificates",
             .core = {},
             .supports = {7},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown,
                          Status::not_applicable},
             .needs = {Need::redis_server, Need::served_chain, Need::topology},
             .controls = kControls,
             .remediation = kRemedy},
    .evaluate = evaluate,
};

}  // namespace rta::checks
