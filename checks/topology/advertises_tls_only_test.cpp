#include "tests/support/check_story.h"
#include "tests/support/redis_story.h"

namespace rta::checks {
extern const Check topology_advertises_tls_only;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& check = checks::topology_advertises_tls_only;

Status told(std::vector<ClusterNode> nodes) {
  Evidence evidence = story();
  RedisServer server = hardened_server();
  server.info["cluster_enabled"] = "1";
  server.cluster_nodes = std::move(nodes);
  add_endpoint(evidence, server);
  return findings(check, evidence).front().status;
}

}  // namespace

TEST_CASE("TLS ports alone pass, a plaintext port fails, none at all warns") {
  CHECK(told({{.id = "a", .tls_port = 6379}}) == Status::pass);
  CHECK(told({{.id = "a", .port = 6379, .tls_port = 6379}}) ==
        Status::pass);  // as CLUSTER NODES prints it
  CHECK(told({{.id = "a", .port = 6380, .tls_port = 6379}}) == Status::fail);
  CHECK(told({{.id = "a", .bus_port = 10000}}) == Status::warn);
}

TEST_CASE("a port whose kind was not told is unknown") {
  CHECK(told({{.id = "a", .port = 6379}}) == Status::unknown);
}

TEST_CASE("no cluster is not applicable, nodes that were not told are unknown") {
  Evidence evidence = story();
  RedisServer& server = *add_endpoint(evidence, hardened_server()).redis.value();
  CHECK(findings(check, evidence).front().status == Status::not_applicable);
  server.info["cluster_enabled"] = "1";
  server.cluster_nodes = Gap{GapReason::denied, "NOPERM", ""};
  CHECK(findings(check, evidence).front().status == Status::unknown);
  server.info.clear();
  CHECK(findings(check, evidence).front().status == Status::unknown);
}
