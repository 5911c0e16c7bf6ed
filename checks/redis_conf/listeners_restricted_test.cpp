#include <doctest/doctest.h>

#include "tests/support/check_story.h"

namespace rta::checks {
extern const Check redis_conf_listeners_restricted;
}

using namespace rta;
using rta::testing::Verdicts;

namespace {

const Check& kCheck = checks::redis_conf_listeners_restricted;

Evidence with(const std::map<std::string, std::string>& effective) {
  Evidence evidence = rta::testing::story();
  RedisConfiguration& conf = evidence.redis_configurations.emplace_back();
  conf.source = "redis.conf";
  conf.effective = effective;
  conf.default_user_open = true;
  return evidence;
}

Status told(const Evidence& evidence) {
  const Verdicts all = rta::testing::verdicts(kCheck, evidence);
  REQUIRE(all.size() == 1);
  return all[0].second;
}

Evidence live(const std::map<std::string, std::string>& config) {
  Evidence evidence = rta::testing::story();
  Endpoint& endpoint = evidence.endpoints.emplace_back();
  endpoint.key = "redis:6379";
  RedisServer server;
  server.config = config;
  endpoint.redis = Observation<RedisServer>{server};
  return evidence;
}

Evidence bound(const std::string& bind, const std::string& mode, bool open) {
  Evidence evidence = with({{"bind", bind}, {"protected-mode", mode}, {"aclfile", ""}});
  evidence.redis_configurations[0].default_user_open = open;
  return evidence;
}

}  // namespace

TEST_CASE("everything open on the network fails, behind protected-mode it warns") {
  CHECK(told(bound("* -::*", "no", true)) == Status::fail);
  CHECK(told(bound("* -::*", "yes", true)) == Status::warn);
  CHECK(told(bound("10.0.0.5", "no", true)) == Status::fail);
}

TEST_CASE("a password makes protected-mode off a warning") {
  CHECK(told(bound("10.0.0.5", "no", false)) == Status::warn);
}

TEST_CASE("chosen addresses and loopback pass, loopback even without protected-mode") {
  CHECK(told(bound("10.0.0.5 127.0.0.1", "yes", true)) == Status::pass);
  CHECK(told(bound("127.0.0.1 -::1", "no", true)) == Status::pass);
  CHECK(told(bound("", "no", true)) == Status::pass);
}

TEST_CASE("a running server's default user is judged by what a stranger's PING got") {
  Evidence evidence = live({{"bind", "*"}, {"protected-mode", "no"}});
  CHECK(told(evidence) == Status::unknown);
  evidence.endpoints[0].redis.value()->unauthenticated_ping.outcome = CommandOutcome::ok;
  CHECK(told(evidence) == Status::fail);
  evidence.endpoints[0].redis.value()->unauthenticated_ping.outcome = CommandOutcome::noauth;
  CHECK(told(evidence) == Status::warn);
}

TEST_CASE("an ACL file that could not be read leaves the question open") {
  Evidence evidence = bound("*", "no", false);
  evidence.redis_configurations[0].gaps.push_back(
      {GapReason::not_found, "users.acl was not seen", ""});
  CHECK(told(evidence) == Status::unknown);
  CHECK(told(with({})) == Status::unknown);
}

TEST_CASE("a rehearsed server's address is ours and says nothing") {
  Evidence evidence = live({{"bind", "127.1.2.3"}, {"protected-mode", "no"}});
  evidence.endpoints[0].kind = EndpointKind::rehearsal;
  CHECK(rta::testing::verdicts(kCheck, evidence) == Verdicts{{"deployment", Status::unknown}});
}
