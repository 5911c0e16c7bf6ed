#include <doctest/doctest.h>

#include "tests/support/check_story.h"

namespace rta::checks {
extern const Check live_running_equals_file;
}

using namespace rta;
using rta::testing::Verdicts;

namespace {

const Check& kCheck = checks::live_running_equals_file;

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

Evidence pair(std::map<std::string, std::string> live, std::map<std::string, std::string> file,
              const std::string& config_file = "/etc/redis/redis.conf") {
  Evidence evidence = with(std::move(file));
  Endpoint& endpoint = evidence.endpoints.emplace_back();
  endpoint.key = "redis:6379";
  RedisServer server;
  server.config = std::move(live);
  server.info["config_file"] = config_file;
  endpoint.redis = Observation<RedisServer>{server};
  return evidence;
}

}  // namespace

TEST_CASE("the same settings pass") {
  CHECK(told(pair({{"port", "0"}, {"tls-port", "6379"}}, {{"port", "0"}, {"tls-port", "6379"}})) ==
        Status::pass);
}

TEST_CASE("a plaintext port opened at run time fails, and so does a dropped client certificate") {
  CHECK(told(pair({{"port", "6380"}}, {{"port", "0"}})) == Status::fail);
  CHECK(told(pair({{"tls-auth-clients", "no"}}, {{"tls-auth-clients", "yes"}})) == Status::fail);
  CHECK(told(pair({{"tls-protocols", "TLSv1.1 TLSv1.2"}}, {{"tls-protocols", "TLSv1.2"}})) ==
        Status::fail);
}

TEST_CASE("a difference that is no weaker warns") {
  CHECK(told(pair({{"timeout", "300"}}, {{"timeout", "0"}})) == Status::warn);
  CHECK(told(pair({{"tls-auth-clients", "yes"}}, {{"tls-auth-clients", "no"}})) == Status::warn);
}

TEST_CASE("a server started from flags has nothing to restart from and warns") {
  CHECK(told(pair({{"port", "0"}}, {{"port", "0"}}, "")) == Status::warn);
}

TEST_CASE("two candidates, none of that name, are not compared") {
  Evidence evidence = pair({{"port", "0"}}, {{"port", "0"}}, "/etc/other.conf");
  evidence.redis_configurations.push_back(evidence.redis_configurations[0]);
  CHECK(told(evidence) == Status::unknown);
}

TEST_CASE("a server that tells nothing is unknown, and so is no server") {
  CHECK(told(pair({}, {{"port", "0"}})) == Status::unknown);
  Evidence evidence = pair({}, {{"port", "0"}});
  evidence.endpoints[0].redis = Observation<RedisServer>{Gap{GapReason::denied, "NOAUTH", ""}};
  CHECK(told(evidence) == Status::unknown);
  CHECK(told(with({{"port", "0"}})) == Status::unknown);
}
