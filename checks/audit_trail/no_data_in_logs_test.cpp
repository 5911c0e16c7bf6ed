#include "tests/support/check_story.h"
#include "tests/support/redis_story.h"

namespace rta::checks {
extern const Check audit_trail_no_data_in_logs;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& check = checks::audit_trail_no_data_in_logs;

Status told(const std::map<std::string, std::string>& changed) {
  Evidence evidence = story();
  RedisServer server = hardened_server();
  for (const auto& [name, value] : changed) server.config[name] = value;
  add_endpoint(evidence, server);
  return findings(check, evidence).front().status;
}

}  // namespace

TEST_CASE("settings that write data into logs warn, verbose is none of them") {
  CHECK(told({{"loglevel", "verbose"}}) == Status::pass);
  CHECK(told({{"loglevel", "debug"}}) == Status::warn);
  CHECK(told({{"hide-user-data-from-log", "no"}}) == Status::warn);
  CHECK(told({{"hide-user-data-from-log", "yes"}}) == Status::pass);
  CHECK(told({{"slowlog-log-slower-than", "0"}}) == Status::warn);
}

TEST_CASE("a MONITOR client fails") {
  Evidence evidence = story();
  RedisServer server = hardened_server();
  server.clients.value()->front().flags = "O";
  Endpoint& endpoint = add_endpoint(evidence, server);
  CHECK(findings(check, evidence).front().status == Status::fail);
  endpoint.redis.value()->clients = Gap{GapReason::denied, "NOPERM", ""};
  CHECK(findings(check, evidence).front().status == Status::unknown);
  endpoint.redis.value()->config.clear();
  CHECK(findings(check, evidence).front().status == Status::unknown);
}
