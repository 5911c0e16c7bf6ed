#include "tests/support/certificate_story.h"
#include "tests/support/check_story.h"
#include "tests/support/pki.h"
#include "tests/support/redis_story.h"

namespace rta::checks {
extern const Check topology_advertised_names;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& check = checks::topology_advertised_names;
const Verdicts kPass{{"endpoint redis:6379", Status::pass}};
const Verdicts kFail{{"endpoint redis:6379", Status::fail}};

// One node of a cluster at 10.0.0.1 whose certificate has these names.
Evidence cluster(const std::vector<std::string>& names, const std::vector<std::string>& addresses) {
  Evidence evidence = story();
  Endpoint& endpoint = serve(
      evidence,
      {make_issued(x509::proper_server(names, addresses, issued_at(), 90), make_authority()).der});
  endpoint.address = "10.0.0.1:6379";
  RedisServer server = hardened_server();
  server.info["cluster_enabled"] = "1";
  server.cluster_nodes = std::vector<ClusterNode>{
      {.id = "a", .host = "10.0.0.1", .tls_port = 6379, .hostname = "redis-1.example"}};
  endpoint.redis = Observation<RedisServer>{std::move(server)};
  return evidence;
}

RedisServer& server_of(Evidence& evidence) { return *evidence.endpoints[0].redis.value(); }

}  // namespace

TEST_CASE("TOPO-004: an announced address has to be in the certificate") {
  CHECK(verdicts(check, cluster({"redis"}, {"10.0.0.1"})) == kPass);
  CHECK(verdicts(check, cluster({"redis-1.example"}, {})) == kFail);
  Evidence unnoticed = cluster({"redis-1.example"}, {});
  testing::add_consumer(unnoticed, "redis", std::vector<Bytes>{}).level =
      VerificationLevel::tls_chain_only;
  CHECK(verdicts(check, unnoticed) == Verdicts{{"endpoint redis:6379", Status::warn}});
}

TEST_CASE("TOPO-004: where host names are preferred, they have to be in it") {
  Evidence evidence = cluster({"redis-1.example"}, {});
  server_of(evidence).config["cluster-preferred-endpoint-type"] = "hostname";
  CHECK(verdicts(check, evidence) == kPass);
  server_of(evidence).cluster_nodes.value()->at(0).hostname = "redis-2.example";
  CHECK(verdicts(check, evidence) == kFail);
}

TEST_CASE("TOPO-004: a node whose certificate was not seen is unknown, with the way to see it") {
  Evidence evidence = cluster({"redis"}, {"10.0.0.1"});
  server_of(evidence).cluster_nodes.value()->push_back(
      {.id = "b", .host = "10.0.0.2", .tls_port = 6379});
  const std::vector<Finding> told = findings(check, evidence);
  REQUIRE(told.size() == 2);
  CHECK(told[1].status == Status::unknown);
  CHECK(told[1].remediation == "audit it too: --target rediss://10.0.0.2:6379");
}

TEST_CASE("TOPO-004: a sentinel's primary is judged by the name that clients are told") {
  Evidence evidence = cluster({"redis-1.example"}, {});
  server_of(evidence).info.erase("cluster_enabled");
  server_of(evidence).info["redis_mode"] = "sentinel";
  server_of(evidence).cluster_nodes = Gap{GapReason::not_requested, "no cluster", ""};
  server_of(evidence).watched_primaries = std::vector<WatchedPrimary>{{"mymaster", "10.0.0.1", 6379}};
  CHECK(verdicts(check, evidence) == kFail);
  server_of(evidence).watched_primaries = std::vector<WatchedPrimary>{{"mymaster", "redis-1.example", 6379}};
  evidence.endpoints[0].aliases = {"redis-1.example:6379"};
  CHECK(verdicts(check, evidence) == kPass);
  server_of(evidence).watched_primaries = Gap{GapReason::denied, "SENTINEL MASTERS was denied", ""};
  CHECK(verdicts(check, evidence) == Verdicts{{"endpoint redis:6379", Status::unknown}});
}

TEST_CASE("TOPO-004: a single server sends clients nowhere; one that was not asked is unknown") {
  Evidence evidence = story();
  add_endpoint(evidence, hardened_server());
  CHECK(verdicts(check, evidence) == Verdicts{{"endpoint redis:6379", Status::not_applicable}});
  CHECK(verdicts(check, story()) == Verdicts{{"deployment", Status::unknown}});
}

TEST_CASE("TOPO-004: a node that names no address sends clients back to where they asked") {
  Evidence evidence = cluster({"redis"}, {});
  ClusterNode& node = server_of(evidence).cluster_nodes.value()->at(0);
  node.host.clear();
  node.hostname.clear();
  CHECK(verdicts(check, evidence) == kPass);
}
