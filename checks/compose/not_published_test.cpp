#include <doctest/doctest.h>

#include "tests/support/check_story.h"

namespace rta::checks {
extern const Check compose_not_published;
}

using namespace rta;
using rta::testing::Verdicts;

namespace {

const Check& kCheck = checks::compose_not_published;

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

Evidence published(const std::string& host_ip, bool open) {
  ComposeService service = redis_service();
  service.ports.push_back({host_ip, "6379", 6379, "tcp", {}});
  Evidence evidence = project({service});
  configured(evidence, {{"port", "0"}, {"tls-auth-clients", "no"}}).default_user_open = open;
  return evidence;
}

}  // namespace

TEST_CASE("published to all without a password fails, with one it warns") {
  CHECK(told(published("", true)) == Status::fail);
  CHECK(told(published("0.0.0.0", true)) == Status::fail);
  CHECK(told(published("", false)) == Status::warn);
}

TEST_CASE("a client certificate stands between as well") {
  Evidence evidence = published("", true);
  evidence.redis_configurations[0].effective["tls-auth-clients"] = "yes";
  CHECK(told(evidence) == Status::warn);
}

TEST_CASE("loopback and no ports pass") {
  CHECK(told(published("127.0.0.1", true)) == Status::pass);
  CHECK(told(published("::1", true)) == Status::pass);
  CHECK(told(project({redis_service()})) == Status::pass);
}

TEST_CASE("the host's network is published too") {
  ComposeService service = redis_service();
  service.network_mode = "host";
  Evidence evidence = project({service});
  configured(evidence, {{"port", "0"}}).default_user_open = true;
  CHECK(told(evidence) == Status::fail);
}

TEST_CASE("whether a password is asked for may be unknown") {
  Evidence evidence = published("", false);
  evidence.redis_configurations[0].gaps.push_back(
      {GapReason::not_found, "users.acl was not seen", ""});
  CHECK(told(evidence) == Status::unknown);
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

TEST_CASE("the place is the port that is open, not the first one") {
  ComposeService service = redis_service();
  service.ports.push_back({"127.0.0.1", "6379", 6379, "tcp", {"docker-compose.yml", 5, 9}});
  service.ports.push_back({"", "16379", 6379, "tcp", {"docker-compose.yml", 6, 9}});
  const auto found = rta::testing::findings(kCheck, project({service}));
  REQUIRE(found.size() == 1);
  CHECK(found[0].source.location.line == 6);
}
