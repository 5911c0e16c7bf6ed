#include "tests/support/check_story.h"
#include "tests/support/redis_story.h"

namespace rta::checks {
extern const Check topology_replication_encrypted;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& check = checks::topology_replication_encrypted;

Verdicts told(const RedisServer& server) {
  Evidence evidence = story();
  add_endpoint(evidence, server);
  return verdicts(check, evidence);
}

Verdicts endpoint(Status status) { return {{"endpoint redis:6379", status}}; }

}  // namespace

TEST_CASE("no replicas, positively told, is not applicable; not told is unknown") {
  RedisServer server = hardened_server();
  CHECK(told(server) == endpoint(Status::not_applicable));
  server.info.erase("connected_slaves");
  CHECK(told(server) == endpoint(Status::unknown));
  server.info["connected_slaves"] = "1";
  CHECK(told(server) == endpoint(Status::unknown));
  server.role.clear();
  server.info.clear();
  CHECK(told(server) == endpoint(Status::unknown));
}

TEST_CASE("a replica on the TLS port passes, one on another port fails") {
  RedisServer server = hardened_server();
  server.replicas = {{"10.0.0.2", 6379}};
  CHECK(told(server) == endpoint(Status::pass));
  server.replicas.push_back({"10.0.0.3", 16403});
  CHECK(told(server) == endpoint(Status::fail));
}

TEST_CASE("a replica's own link is told by tls-replication") {
  RedisServer server = hardened_server();
  server.role = "slave";
  server.master_host = "10.0.0.9";
  CHECK(told(server) == endpoint(Status::fail));
  server.config["tls-replication"] = "yes";
  CHECK(told(server) == endpoint(Status::pass));
  server.config.erase("tls-replication");
  CHECK(told(server) == endpoint(Status::unknown));
}

TEST_CASE("a configuration with replicaof needs tls-replication") {
  Evidence evidence = story();
  RedisConfiguration& conf = add_configuration(evidence);
  CHECK(verdicts(check, evidence) == Verdicts{{"file redis.conf", Status::not_applicable}});
  conf.directives.push_back({.name = "replicaof", .arguments = {"10.0.0.9", "6379"}});
  CHECK(verdicts(check, evidence) == Verdicts{{"file redis.conf", Status::fail}});
  conf.effective["tls-replication"] = "yes";
  CHECK(verdicts(check, evidence) == Verdicts{{"file redis.conf", Status::pass}});
}
