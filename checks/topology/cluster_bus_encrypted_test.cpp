#include "tests/support/check_story.h"
#include "tests/support/redis_story.h"

namespace rta::checks {
extern const Check topology_cluster_bus_encrypted;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& check = checks::topology_cluster_bus_encrypted;

RedisServer cluster_node() {
  RedisServer server = hardened_server();
  server.info["cluster_enabled"] = "1";
  server.config["tls-cluster"] = "yes";
  server.cluster_bus = Observation<std::string>{"TLS"};
  return server;
}

Verdicts told(const RedisServer& server) {
  Evidence evidence = story();
  add_endpoint(evidence, server);
  return verdicts(check, evidence);
}

Verdicts endpoint(Status status) { return {{"endpoint redis:6379", status}}; }

}  // namespace

TEST_CASE("no cluster, positively told, is not applicable; not told is unknown") {
  RedisServer server = hardened_server();
  CHECK(told(server) == endpoint(Status::not_applicable));
  server.info.clear();
  CHECK(told(server) == endpoint(Status::unknown));
}

TEST_CASE("a bus with TLS passes, without it fails, whatever the configuration says") {
  CHECK(told(cluster_node()) == endpoint(Status::pass));
  RedisServer plain = cluster_node();
  plain.config["tls-cluster"] = "no";
  CHECK(told(plain) == endpoint(Status::fail));
  RedisServer liar = cluster_node();
  liar.cluster_bus = Observation<std::string>{"closed without an answer"};
  CHECK(told(liar) == endpoint(Status::fail));
}

TEST_CASE("a bus that cannot be reached from here is judged by the running configuration") {
  RedisServer server = cluster_node();
  server.cluster_bus = Gap{GapReason::timed_out, "no answer", ""};
  CHECK(told(server) == endpoint(Status::pass));
  server.config.erase("tls-cluster");
  CHECK(told(server) == endpoint(Status::unknown));
}

TEST_CASE("a bus port without its protected mode warns where the mode exists") {
  RedisServer server = cluster_node();
  server.config["cluster-bus-port-protected-mode"] = "no";
  CHECK(told(server) == endpoint(Status::warn));
}

TEST_CASE("a declared cluster needs tls-cluster") {
  Evidence evidence = story();
  RedisConfiguration& conf = add_configuration(evidence);
  CHECK(verdicts(check, evidence) == Verdicts{{"file redis.conf", Status::not_applicable}});
  conf.effective["cluster-enabled"] = "yes";
  CHECK(verdicts(check, evidence) == Verdicts{{"file redis.conf", Status::fail}});
}
