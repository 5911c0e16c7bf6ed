#include <doctest/doctest.h>

#include "tests/support/check_story.h"

namespace rta::checks {
extern const Check plaintext_local_socket_guarded;
}

using namespace rta;
using rta::testing::Verdicts;

namespace {

const Check& check = checks::plaintext_local_socket_guarded;

Evidence with_socket(const std::string& path, const std::string& mode) {
  Evidence evidence = rta::testing::story();
  RedisConfiguration& conf = evidence.redis_configurations.emplace_back();
  conf.source = "redis.conf";
  conf.effective = {{"unixsocket", path}, {"unixsocketperm", mode}};
  conf.default_user_open = false;
  return evidence;
}

Verdicts told(const std::string& path, const std::string& mode) {
  return rta::testing::verdicts(check, with_socket(path, mode));
}

Verdicts just(Status status) { return {{"file redis.conf", status}}; }

}  // namespace

TEST_CASE("no socket passes, and so does one for owner and group") {
  CHECK(told("", "0") == just(Status::pass));
  CHECK(told("/run/redis/redis.sock", "770") == just(Status::pass));
  CHECK(told("/run/redis/redis.sock", "0700") == just(Status::pass));
}

TEST_CASE("a socket for everybody fails; the number is octal") {
  CHECK(told("/run/redis/redis.sock", "777") == just(Status::fail));
  CHECK(told("/run/redis/redis.sock", "666") == just(Status::fail));
  CHECK(told("/run/redis/redis.sock", "707") == just(Status::fail));
}

TEST_CASE("a mode left to the umask, and a socket without password, warn") {
  CHECK(told("/run/redis/redis.sock", "0") == just(Status::warn));
  Evidence evidence = with_socket("/run/redis/redis.sock", "770");
  evidence.redis_configurations[0].default_user_open = true;
  CHECK(rta::testing::verdicts(check, evidence) == just(Status::warn));
}

TEST_CASE("a disabled user without password does not count") {
  Evidence evidence = with_socket("/run/redis/redis.sock", "770");
  evidence.redis_configurations[0].users = {{.name = "old", .enabled = false, .nopass = true}};
  CHECK(rta::testing::verdicts(check, evidence) == just(Status::pass));
  evidence.redis_configurations[0].users[0].enabled = true;
  CHECK(rta::testing::verdicts(check, evidence) == just(Status::warn));
}

TEST_CASE("the live server's own answer is judged with its users") {
  Evidence evidence = rta::testing::story();
  Endpoint& endpoint = evidence.endpoints.emplace_back();
  endpoint.key = "redis:6379";
  RedisServer server;
  server.config = {{"unixsocket", "/tmp/redis.sock"}, {"unixsocketperm", "770"}};
  AclUser open;
  open.name = "default";
  open.enabled = true;
  open.nopass = true;
  server.users = std::vector<AclUser>{open};
  endpoint.redis = server;
  CHECK(rta::testing::verdicts(check, evidence) == Verdicts{{"endpoint redis:6379", Status::warn}});
}

TEST_CASE("what was not told is unknown") {
  CHECK(told("/run/redis/redis.sock", "rwx") == just(Status::unknown));
  Evidence evidence = rta::testing::story();
  evidence.endpoints.emplace_back().key = "redis:6379";
  CHECK(rta::testing::verdicts(check, evidence) ==
        Verdicts{{"endpoint redis:6379", Status::unknown}});
  CHECK(rta::testing::verdicts(check, rta::testing::story()) ==
        Verdicts{{"deployment", Status::unknown}});
}
