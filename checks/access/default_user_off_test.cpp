#include "tests/support/check_story.h"
#include "tests/support/redis_story.h"

namespace rta::checks {
extern const Check access_default_user_off;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& check = checks::access_default_user_off;

Verdicts told(const RedisServer& server) {
  Evidence evidence = story();
  add_endpoint(evidence, server);
  return verdicts(check, evidence);
}

Verdicts endpoint(Status status) { return {{"endpoint redis:6379", status}}; }

}  // namespace

TEST_CASE("off passes, on without a password fails") {
  CHECK(told(hardened_server()) == endpoint(Status::pass));
  CHECK(told(open_server()) == endpoint(Status::fail));
}

TEST_CASE("a password on the default user is a shared identity") {
  RedisServer server = open_server();
  server.users.value()->front().nopass = false;
  server.users.value()->front().passwords = 1;
  CHECK(told(server) == endpoint(Status::warn));
}

TEST_CASE("a server that hides its users but serves nobody in particular fails all the same") {
  RedisServer server = open_server();
  server.users = Gap{GapReason::unsupported, "ACL LIST was answered with: ERR unknown command", ""};
  CHECK(told(server) == endpoint(Status::fail));
}

TEST_CASE("users that were not told are unknown") {
  RedisServer server = hardened_server();
  server.users = Gap{GapReason::denied, "NOPERM", ""};
  CHECK(told(server) == endpoint(Status::unknown));
  server.users = std::vector<AclUser>{};
  CHECK(told(server) == endpoint(Status::unknown));
}

TEST_CASE("a configuration without users has an open default user") {
  Evidence evidence = story();
  RedisConfiguration& conf = add_configuration(evidence);
  CHECK(verdicts(check, evidence) == Verdicts{{"file redis.conf", Status::fail}});
  conf.default_user_open = false;
  conf.password_set = true;
  CHECK(verdicts(check, evidence) == Verdicts{{"file redis.conf", Status::warn}});
  conf.users.push_back({.name = "default", .enabled = false});
  CHECK(verdicts(check, evidence) == Verdicts{{"file redis.conf", Status::pass}});
}
