#include "tests/support/check_story.h"
#include "tests/support/redis_story.h"

namespace rta::checks {
extern const Check access_failures_in_norm;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& check = checks::access_failures_in_norm;

Status told(std::vector<AclLogEntry> log) {
  Evidence evidence = story();
  RedisServer server = hardened_server();
  server.acl_log = std::move(log);
  add_endpoint(evidence, server);
  return findings(check, evidence).front().status;
}

}  // namespace

TEST_CASE("more than ten failed logins in the last hour warn") {
  CHECK(told({}) == Status::pass);
  CHECK(told({{.reason = "auth", .count = 10, .age_seconds = 5}}) == Status::pass);
  CHECK(told({{.reason = "auth", .count = 11, .age_seconds = 5}}) == Status::warn);
}

TEST_CASE("older failures and denied commands are no failed logins of this hour") {
  CHECK(told({{.reason = "auth", .count = 500, .age_seconds = 3601}}) == Status::pass);
  CHECK(told({{.reason = "command", .count = 500, .age_seconds = 5}}) == Status::pass);
}

TEST_CASE("a log that was not told, or not whole, is unknown") {
  Evidence evidence = story();
  RedisServer& server = *add_endpoint(evidence, hardened_server()).redis.value();
  server.acl_log_truncated = true;
  CHECK(findings(check, evidence).front().status == Status::unknown);
  server.acl_log = Gap{GapReason::denied, "NOPERM", ""};
  CHECK(findings(check, evidence).front().status == Status::unknown);
}
