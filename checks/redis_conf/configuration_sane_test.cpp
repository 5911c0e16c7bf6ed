#include <doctest/doctest.h>

#include "tests/support/check_story.h"

namespace rta::checks {
extern const Check redis_conf_configuration_sane;
}

using namespace rta;
using rta::testing::Verdicts;

namespace {

const Check& kCheck = checks::redis_conf_configuration_sane;

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

}  // namespace

TEST_CASE("a configuration that loads and repeats nothing passes") {
  CHECK(told(with({{"port", "0"}})) == Status::pass);
}

TEST_CASE("one that Redis refuses fails with Redis' reason and the line") {
  Evidence evidence = with({});
  evidence.redis_configurations[0].refused = "Bad directive or wrong number of arguments";
  evidence.redis_configurations[0].refused_at = {"redis.conf", 7, 0};
  CHECK(told(evidence) == Status::fail);
  CHECK(rta::testing::findings(kCheck, evidence)[0].source.location.line == 7);
}

TEST_CASE("a directive set twice differently, or unknown to older releases, warns") {
  Evidence evidence = with({{"port", "0"}});
  evidence.redis_configurations[0].duplicates = {"port: redis.conf:1 and redis.conf:3"};
  CHECK(rta::testing::findings(kCheck, evidence)
            .at(0)
            .remediation.starts_with("keep one line for port"));
  CHECK(told(evidence) == Status::warn);
  evidence.redis_configurations[0].duplicates.clear();
  evidence.redis_configurations[0].unknown_directives = {
      "tls-auth-clients-user (needs Redis 8.6, Valkey 9)"};
  CHECK(told(evidence) == Status::warn);
}

TEST_CASE("an include that was not seen is unknown, not sane") {
  Evidence evidence = with({{"port", "0"}});
  evidence.redis_configurations[0].gaps = {
      {GapReason::outside_scope, "/etc/x.conf is outside", "--allow-path /etc"}};
  CHECK(told(evidence) == Status::unknown);
}

TEST_CASE("no configuration anywhere is unknown") {
  CHECK(rta::testing::verdicts(kCheck, rta::testing::story()) ==
        Verdicts{{"deployment", Status::unknown}});
}
