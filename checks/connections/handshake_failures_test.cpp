#include "tests/support/check_story.h"
#include "tests/support/redis_story.h"
#include "tests/support/server_log_story.h"

namespace rta::checks {
extern const Check connections_handshake_failures;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& check = checks::connections_handshake_failures;

// A server of a day that received 1000 connections, and its log.
Evidence log_with(std::map<std::string, std::uint64_t> failures) {
  Evidence evidence = story();
  RedisServer server = hardened_server();
  server.info["process_id"] = "81";
  server.info["total_connections_received"] = "1000";
  server.info["uptime_in_seconds"] = "86400";
  server.info["rejected_connections"] = "3";
  add_endpoint(evidence, std::move(server));
  add_log(evidence, "redis:6379").handshake_failures = std::move(failures);
  return evidence;
}

Finding only(const Evidence& evidence) {
  const std::vector<Finding> told = findings(check, evidence);
  REQUIRE(told.size() == 1);
  return told[0];
}

}  // namespace

TEST_CASE("CONN-003: few failed handshakes pass, one in a hundred warns with its reasons") {
  CHECK(only(log_with({})).status == Status::pass);
  CHECK(only(log_with({{"no shared cipher", 9}})).status == Status::pass);
  const Finding many = only(log_with({{"no shared cipher", 4}, {"wrong version number", 40}}));
  CHECK(many.status == Status::warn);
  CHECK(many.observed == "wrong version number (40), no shared cipher (4)");
  CHECK(many.message.contains("4.4 % of 1000 connections"));
}

TEST_CASE("CONN-003: failures without any connection that came through warn") {
  Evidence evidence = log_with({{"wrong version number", 2}});
  evidence.endpoints[0].redis.value()->info["total_connections_received"] = "0";
  CHECK(only(evidence).status == Status::warn);
}

TEST_CASE("CONN-003: a log that begins later is compared with its share of the connections") {
  Evidence evidence = log_with({{"wrong version number", 9}});
  ServerLog& log = *evidence.server_logs[0].value();
  log.process_started.reset();
  log.oldest = evidence.as_of - std::chrono::hours{12};
  const Finding told = only(evidence);
  CHECK(told.status == Status::warn);
  CHECK(told.message.contains("about 500"));
  evidence.endpoints[0].redis.value()->info.erase("uptime_in_seconds");
  CHECK(only(evidence).status == Status::unknown);
}

TEST_CASE("CONN-003: without the log of this very server nothing is known") {
  Evidence evidence = log_with({});
  evidence.endpoints[0].redis.value()->info["process_id"] = "82";
  CHECK(only(evidence).status == Status::unknown);
  CHECK(only(evidence).message.contains("another server's log"));
  evidence.server_logs[0].value()->newest.reset();
  CHECK(only(evidence).reason == GapReason::malformed);
  evidence.server_logs = {Observation<ServerLog>{
      Gap{GapReason::outside_scope, "outside the project", "--allow-path /var/log/redis"},
      Provenance{"server_log", "redis:6379", {}, "", Grade::observed}}};
  CHECK(only(evidence).message.contains("3 connections above maxclients"));
  CHECK(only(evidence).remediation == "--allow-path /var/log/redis");
  evidence.server_logs.clear();
  CHECK(only(evidence).status == Status::unknown);
  CHECK(verdicts(check, story()) == Verdicts{{"deployment", Status::unknown}});
  Evidence silent = story();
  add_silent_endpoint(silent);
  CHECK(only(silent).reason == GapReason::timed_out);
}
