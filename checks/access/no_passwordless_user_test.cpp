#include "tests/support/check_story.h"
#include "tests/support/redis_story.h"

namespace rta::checks {
extern const Check access_no_passwordless_user;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::access_no_passwordless_user;
}

TEST_CASE("users with passwords pass, a disabled one without is no one") {
  Evidence evidence = story();
  RedisServer server = hardened_server();
  server.users.value()->front().nopass = true;  // default, which is off
  add_endpoint(evidence, server);
  CHECK(verdicts(check, evidence) == Verdicts{{"endpoint redis:6379", Status::pass}});
}

TEST_CASE("each user without a password fails by name, also beside mutual TLS") {
  Evidence evidence = story();
  RedisServer server = hardened_server();
  server.users.value()->push_back({.name = "svc", .enabled = true, .nopass = true});
  add_endpoint(evidence, server);
  CHECK(verdicts(check, evidence) == Verdicts{{"user redis:6379#svc", Status::fail}});
  evidence.endpoints.front().address = "127.0.0.1:6379";
  CHECK(verdicts(check, evidence, profile("development")) ==
        Verdicts{{"user redis:6379#svc", Status::warn}});
}

TEST_CASE("a server that serves nobody in particular has a default user without a password") {
  Evidence evidence = story();
  RedisServer server = open_server();
  server.users = Gap{GapReason::unsupported, "ACL LIST is unknown", ""};
  add_endpoint(evidence, server);
  CHECK(verdicts(check, evidence) == Verdicts{{"user redis:6379#default", Status::fail}});
}

TEST_CASE("users that were not told are unknown") {
  Evidence evidence = story();
  RedisServer server = hardened_server();
  server.users = Gap{GapReason::denied, "NOAUTH", ""};
  add_endpoint(evidence, server);
  CHECK(verdicts(check, evidence) == Verdicts{{"endpoint redis:6379", Status::unknown}});
  evidence.endpoints.front().redis.value()->users = std::vector<AclUser>{};
  CHECK(verdicts(check, evidence) == Verdicts{{"endpoint redis:6379", Status::unknown}});
}

TEST_CASE("a declared configuration is judged by its user lines") {
  Evidence evidence = story();
  RedisConfiguration& conf = add_configuration(evidence);
  CHECK(verdicts(check, evidence) == Verdicts{{"user redis.conf#default", Status::fail}});
  conf.users.push_back({.name = "default", .enabled = false});
  conf.users.push_back({.name = "app", .enabled = true, .passwords = 1});
  CHECK(verdicts(check, evidence) == Verdicts{{"file redis.conf", Status::pass}});
}
