#include <doctest/doctest.h>

#include "tests/support/check_story.h"

namespace rta::checks {
extern const Check redis_conf_dangerous_features_off;
}

using namespace rta;
using rta::testing::Verdicts;

namespace {

const Check& kCheck = checks::redis_conf_dangerous_features_off;

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

std::map<std::string, std::string> features(const std::string& debug) {
  return {{"enable-debug-command", debug},
          {"enable-protected-configs", "no"},
          {"enable-module-command", "no"}};
}

}  // namespace

TEST_CASE("all off passes, yes fails, local warns") {
  CHECK(told(with(features("no"))) == Status::pass);
  CHECK(told(with(features("yes"))) == Status::fail);
  CHECK(told(with(features("local"))) == Status::warn);
}

TEST_CASE("a release before 7.0 has no switch and warns") {
  Evidence evidence = live({});
  CHECK(told(evidence) == Status::unknown);
  evidence.endpoints[0].redis.value()->config_unknown = {"enable-debug-command"};
  CHECK(told(evidence) == Status::warn);
}

TEST_CASE("no configuration anywhere is unknown") {
  CHECK(rta::testing::verdicts(kCheck, rta::testing::story()) ==
        Verdicts{{"deployment", Status::unknown}});
}
