#include <doctest/doctest.h>

#include "tests/support/check_story.h"

namespace rta::checks {
extern const Check compose_redis_tls_only;
}

using namespace rta;
using rta::testing::Verdicts;

namespace {

const Check& kCheck = checks::compose_redis_tls_only;

ComposeService redis_service() {
  ComposeService service;
  service.name = "redis";
  service.image = "redis:7-alpine";
  service.is_redis = true;
  return service;
}

Evidence project(const std::vector<ComposeService>& services) {
  Evidence evidence = rta::testing::story();
  ComposeProject project;
  project.files = {"docker-compose.yml"};
  project.services = services;
  evidence.compose = Observation<ComposeProject>{project};
  return evidence;
}

Status told(const Evidence& evidence) {
  const Verdicts all = rta::testing::verdicts(kCheck, evidence);
  REQUIRE(all.size() == 1);
  return all[0].second;
}

RedisConfiguration& configured(Evidence& evidence,
                               const std::map<std::string, std::string>& effective) {
  RedisConfiguration& conf = evidence.redis_configurations.emplace_back();
  conf.source = "docker-compose.yml#redis";
  conf.service = "redis";
  conf.effective = effective;
  return conf;
}

}  // namespace

TEST_CASE("TLS with the plaintext port closed passes") {
  Evidence evidence = project({redis_service()});
  configured(evidence, {{"port", "0"}, {"tls-port", "6379"}});
  CHECK(rta::testing::verdicts(kCheck, evidence) ==
        Verdicts{{"service docker-compose.yml#redis", Status::pass}});
}

TEST_CASE("the image's default and a port beside TLS fail") {
  Evidence evidence = project({redis_service()});
  configured(evidence, {{"port", "6379"}, {"tls-port", "0"}});
  CHECK(told(evidence) == Status::fail);
  evidence.redis_configurations[0].effective = {{"port", "6379"}, {"tls-port", "6380"}};
  CHECK(told(evidence) == Status::fail);
}

TEST_CASE("a shell, a refusal and a configuration never read are unknown") {
  Evidence evidence = project({redis_service()});
  CHECK(told(evidence) == Status::unknown);
  configured(evidence, {}).gaps.push_back({GapReason::unsupported, "a shell starts it", ""});
  CHECK(told(evidence) == Status::unknown);
  evidence.redis_configurations[0].refused = "wrong number of arguments";
  CHECK(told(evidence) == Status::unknown);
}

TEST_CASE("an application is no Redis service") {
  ComposeService backend;
  backend.name = "backend";
  CHECK(told(project({backend})) == Status::not_applicable);
}

TEST_CASE("no compose file does not apply, one that was not read or is refused is unknown") {
  Evidence evidence = rta::testing::story();
  CHECK(told(evidence) == Status::unknown);
  evidence.compose = Observation<ComposeProject>{Gap{GapReason::not_found, "no compose file", ""}};
  CHECK(told(evidence) == Status::not_applicable);
  evidence = project({redis_service()});
  evidence.compose.value()->refused = "services.redis.comand: not allowed";
  CHECK(told(evidence) == Status::unknown);
}
