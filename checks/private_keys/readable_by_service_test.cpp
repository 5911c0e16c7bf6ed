#include <doctest/doctest.h>

#include "tests/support/certificate_story.h"
#include "tests/support/check_story.h"

namespace rta::checks {
extern const Check private_keys_readable_by_service;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& kCheck = checks::private_keys_readable_by_service;

Status of(std::uint32_t mode, std::uint32_t uid, std::uint32_t gid) {
  Evidence evidence = story();
  evidence.service_uid = 999;
  KeyFile& key = add_key(evidence, "k.pem");
  key.file.mode = mode;
  key.file.uid = uid;
  key.file.gid = gid;
  key.file.directories = {{".", 0755, 0, 0}};
  return findings(kCheck, evidence).at(0).status;
}

}  // namespace

TEST_CASE("the service reads as owner, by its group or as anybody") {
  CHECK(of(0600, 999, 999) == Status::pass);
  CHECK(of(0600, 1000, 1000) == Status::fail);
  CHECK(of(0640, 0, 999) == Status::pass);
  CHECK(of(0644, 0, 0) == Status::pass);
  CHECK(of(0044, 999, 0) == Status::fail);  // the owner's own bits count for the owner
}

TEST_CASE("a directory that the service may not enter stops it, except above a container's mount") {
  Evidence evidence = story();
  evidence.service_uid = 999;
  KeyFile& key = add_key(evidence, "certs/k.pem");
  key.file.uid = 999;
  key.file.directories = {{".", 0700, 1000, 1000}, {"certs", 0755, 1000, 1000}};
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"file certs/k.pem", Status::fail}});
  ComposeProject compose;
  ComposeService& service = compose.services.emplace_back();
  service.is_redis = true;
  Mount& mount = service.mounts.emplace_back();
  mount.source = "certs";
  mount.is_directory = true;
  mount.private_keys = {"certs/k.pem"};
  evidence.compose = compose;
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"file certs/k.pem", Status::pass}});
}

TEST_CASE("root reads everything, an unknown account nothing certain") {
  Evidence evidence = story();
  add_key(evidence, "k.pem").file.uid = 1000;
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"file k.pem", Status::unknown}});
  evidence.service_uid = 0;
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"file k.pem", Status::pass}});
}

TEST_CASE("keys that no server names are not asked about") {
  Evidence evidence = story();
  evidence.service_uid = 999;
  add_key(evidence, "k.pem", FileUse::consumer_key);
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"deployment", Status::not_applicable}});
}
