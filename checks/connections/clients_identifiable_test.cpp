#include "tests/support/check_story.h"
#include "tests/support/redis_story.h"

namespace rta::checks {
extern const Check connections_clients_identifiable;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& check = checks::connections_clients_identifiable;

Status told(ClientEntry client) {
  Evidence evidence = story();
  RedisServer server = hardened_server();
  server.clients = std::vector<ClientEntry>{std::move(client)};
  add_endpoint(evidence, server);
  return findings(check, evidence).front().status;
}

}  // namespace

TEST_CASE("a user and a name, or a library, identify a client") {
  CHECK(told({.flags = "N", .user = "worker", .name = "worker"}) == Status::pass);
  CHECK(told({.flags = "N", .user = "worker", .library = "redis-py"}) == Status::pass);
}

TEST_CASE("the default user and a nameless client warn") {
  CHECK(told({.flags = "N", .user = "default", .name = "worker"}) == Status::warn);
  CHECK(told({.flags = "N", .user = "worker"}) == Status::warn);
  CHECK(told({.flags = "S", .user = "default"}) == Status::pass);  // a replica's link
}

TEST_CASE("nobody connected, a cut list and a denied one") {
  Evidence evidence = story();
  RedisServer& server = *add_endpoint(evidence, hardened_server()).redis.value();
  server.clients_truncated = true;
  CHECK(findings(check, evidence).front().status == Status::unknown);
  server.clients = std::vector<ClientEntry>{};
  CHECK(findings(check, evidence).front().status == Status::not_applicable);
  server.clients = Gap{GapReason::denied, "NOPERM", ""};
  CHECK(findings(check, evidence).front().status == Status::unknown);
}
