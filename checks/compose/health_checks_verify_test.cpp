#include <doctest/doctest.h>

#include "tests/support/check_story.h"

namespace rta::checks {
extern const Check compose_health_checks_verify;
}

using namespace rta;
using rta::testing::Verdicts;

namespace {

const Check& kCheck = checks::compose_health_checks_verify;

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

Evidence checked(const std::vector<std::string>& words) {
  ComposeService service = redis_service();
  service.healthcheck = words;
  Evidence evidence = project({service});
  configured(evidence, {{"port", "0"}, {"tls-port", "6379"}});
  return evidence;
}

}  // namespace

TEST_CASE("TLS with a CA file passes") {
  CHECK(told(checked({"CMD", "redis-cli", "--tls", "--cacert", "/ca.pem", "PING"})) ==
        Status::pass);
}

TEST_CASE("no TLS, no verification and a password on the command line warn") {
  CHECK(told(checked({"CMD", "redis-cli", "PING"})) == Status::warn);
  CHECK(told(checked({"CMD-SHELL", "redis-cli", "--tls", "--insecure", "PING"})) == Status::warn);
  CHECK(told(checked({"CMD", "redis-cli", "--tls", "-a", "***", "PING"})) == Status::warn);
}

TEST_CASE("plain redis-cli is fine where plaintext is open: other checks speak there") {
  Evidence evidence = checked({"CMD", "redis-cli", "PING"});
  evidence.redis_configurations[0].effective["port"] = "6379";
  CHECK(told(evidence) == Status::pass);
}

TEST_CASE("a health check of another kind does not apply") {
  CHECK(told(checked({"CMD", "curl", "localhost"})) == Status::not_applicable);
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
