#include <doctest/doctest.h>

#include "tests/support/check_story.h"

namespace rta::checks {
extern const Check compose_no_literal_secrets;
}

using namespace rta;
using rta::testing::Verdicts;

namespace {

const Check& kCheck = checks::compose_no_literal_secrets;

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

}  // namespace

TEST_CASE("each secret that is written out fails") {
  ComposeService service = redis_service();
  service.literal_secrets = {{"--requirepass", {"docker-compose.yml", 7, 5}},
                             {"REDIS_PASSWORD", {"docker-compose.yml", 9, 7}}};
  const std::vector<Finding> found = rta::testing::findings(kCheck, project({service}));
  REQUIRE(found.size() == 2);
  CHECK(found[0].status == Status::fail);
  CHECK(found[0].variant != found[1].variant);
  CHECK(found[1].source.location.text() == "docker-compose.yml:9:7");
}

TEST_CASE("a service without literals passes, an empty project does not apply") {
  CHECK(told(project({redis_service()})) == Status::pass);
  CHECK(told(project({})) == Status::not_applicable);
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
