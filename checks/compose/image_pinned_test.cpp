#include <doctest/doctest.h>

#include "tests/support/check_story.h"

namespace rta::checks {
extern const Check compose_image_pinned;
}

using namespace rta;
using rta::testing::Verdicts;

namespace {

const Check& kCheck = checks::compose_image_pinned;

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

Evidence image(const std::string& name, bool hardened = true) {
  ComposeService service = redis_service();
  service.image = name;
  service.read_only_root = service.no_new_privileges = hardened;
  return project({service});
}

const std::string kDigest = "@sha256:" + std::string(64, 'a');

}  // namespace

TEST_CASE("a full version or a digest, hardened, passes") {
  CHECK(told(image("redis:8.2.10-alpine")) == Status::pass);
  CHECK(told(image("redis:8.2.10-alpine" + kDigest)) == Status::pass);
  CHECK(told(image("docker.io/library/redis:8-alpine" + kDigest)) == Status::pass);
}

TEST_CASE("a floating tag warns, and so does a soft container") {
  CHECK(told(image("redis:7-alpine")) == Status::warn);
  CHECK(told(image("redis")) == Status::warn);
  CHECK(told(image("redis:8.2.10-alpine", false)) == Status::warn);
}

TEST_CASE("a release line that ended fails") {
  CHECK(told(image("redis:6.0.16")) == Status::fail);
  CHECK(told(image("redis:4.0")) == Status::fail);
}

TEST_CASE("whether a line is supported that no table knows is not said") {
  CHECK(told(image("redis:99.1.0" + kDigest)) == Status::unknown);
  CHECK(told(image("redis" + kDigest)) == Status::unknown);
  CHECK(told(image("eqalpha/keydb:6.3.4" + kDigest)) == Status::unknown);
}

TEST_CASE("an image built here has no version to judge") {
  Evidence evidence = image("");
  CHECK(told(evidence) == Status::unknown);
}

TEST_CASE("an application's image is not judged") {
  ComposeService backend;
  backend.name = "backend";
  backend.image = "node:20";
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
