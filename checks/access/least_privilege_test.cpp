#include "tests/support/check_story.h"
#include "tests/support/redis_story.h"

namespace rta::checks {
extern const Check access_least_privilege;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& check = checks::access_least_privilege;

Status told(const std::string& commands, const std::string& keys = "~app:*") {
  Evidence evidence = story();
  RedisServer server = hardened_server();
  server.users.value()->back().commands = commands;
  server.users.value()->back().keys = keys;
  add_endpoint(evidence, server);
  return findings(check, evidence).front().status;
}

}  // namespace

TEST_CASE("a narrow user passes, and reading the configuration is narrow") {
  CHECK(told("-@all +@read +@write +@connection -@dangerous") == Status::pass);
  CHECK(told("-@all +config|get +acl|list") == Status::pass);
}

TEST_CASE("administrative commands fail, sweeping ones and all keys warn") {
  CHECK(told("+@all") == Status::fail);
  CHECK(told("-@all +@write") == Status::fail);  // MIGRATE
  CHECK(told("-@all +get +config|set") == Status::fail);
  CHECK(told("-@all +get +flushall") == Status::warn);
  CHECK(told("-@all +get", "~*") == Status::warn);
}

TEST_CASE("one administrator that nobody uses is allowed, two are not") {
  Evidence evidence = story();
  RedisServer server = hardened_server();
  server.users.value()->push_back(
      {.name = "admin", .enabled = true, .passwords = 1, .commands = "+@all", .keys = "~*"});
  Endpoint& endpoint = add_endpoint(evidence, server);
  for (const auto& [subject, status] : verdicts(check, evidence)) CHECK(status == Status::pass);
  endpoint.redis.value()->users.value()->push_back(
      {.name = "root", .enabled = true, .commands = "+@all"});
  const Verdicts two = verdicts(check, evidence);
  CHECK(std::ranges::count(two, Status::fail, &Verdicts::value_type::second) == 2);
}

TEST_CASE("an administrator that an application uses fails") {
  Evidence evidence = story();
  RedisServer server = hardened_server();
  server.users.value()->push_back({.name = "admin", .enabled = true, .commands = "+@all"});
  add_endpoint(evidence, server);
  add_consumer(evidence, "worker", "admin");
  const Verdicts seen = verdicts(check, evidence);
  CHECK(std::ranges::count(seen, Status::fail, &Verdicts::value_type::second) == 1);
}

TEST_CASE("the guide's default user may do everything") {
  Evidence evidence = story();
  add_configuration(evidence);
  CHECK(verdicts(check, evidence) == Verdicts{{"user redis.conf#default", Status::fail}});
}

TEST_CASE("users that were not told are unknown, none that is enabled not applicable") {
  Evidence evidence = story();
  RedisServer server = hardened_server();
  server.users = Gap{GapReason::denied, "NOPERM", ""};
  Endpoint& endpoint = add_endpoint(evidence, server);
  CHECK(findings(check, evidence).front().status == Status::unknown);
  endpoint.redis.value()->users = std::vector<AclUser>{{.name = "default"}};
  CHECK(findings(check, evidence).front().status == Status::not_applicable);
}

TEST_CASE("the remedy names the user and leaves nothing that this check dislikes") {
  Evidence evidence = story();
  RedisServer server = hardened_server();
  server.users.value()->back().commands = "+@all";
  add_endpoint(evidence, server);
  const std::string remedy = findings(check, evidence).front().remediation;
  CHECK(remedy.starts_with("ACL SETUSER backend resetkeys"));
  CHECK(remedy.contains("resetchannels"));
}
