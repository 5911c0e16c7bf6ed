#include <doctest/doctest.h>

#include "tests/support/certificate_story.h"
#include "tests/support/check_story.h"

namespace rta::checks {
extern const Check private_keys_mode_0600;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& kCheck = checks::private_keys_mode_0600;

Status of_mode(std::uint32_t mode) {
  Evidence evidence = story();
  add_key(evidence, "k.pem").file.mode = mode;
  return findings(kCheck, evidence).at(0).status;
}

}  // namespace

TEST_CASE("0600 and stricter pass, every bit beyond fails") {
  for (const std::uint32_t mode : {0600U, 0400U, 0200U, 0U}) CHECK(of_mode(mode) == Status::pass);
  for (const std::uint32_t mode : {0644U, 0666U, 0604U, 0660U, 0620U, 0700U, 0610U, 0777U})
    CHECK(of_mode(mode) == Status::fail);
}

TEST_CASE("group read warns for root's and the service's files alone") {
  CHECK(of_mode(0640) == Status::warn);
  CHECK(of_mode(0440) == Status::warn);
  Evidence evidence = story();
  KeyFile& key = add_key(evidence, "k.pem");
  key.file.mode = 0640;
  key.file.uid = 1000;
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"file k.pem", Status::fail}});
  evidence.service_uid = 1000;
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"file k.pem", Status::warn}});
  CHECK(verdicts(kCheck, evidence, profile("development")) ==
        Verdicts{{"file k.pem", Status::pass}});
}

TEST_CASE("an access control list that lets others in fails whatever the mode") {
  Evidence evidence = story();
  add_key(evidence, "k.pem").file.has_acl = true;
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"file k.pem", Status::fail}});
}

TEST_CASE("a mode on vfat proves nothing, and an unseen key is unknown") {
  Evidence evidence = story();
  add_key(evidence, "k.pem").file.file_system = "vfat";
  add_key_gap(evidence, "m.pem", GapReason::not_found);
  CHECK(verdicts(kCheck, evidence) ==
        Verdicts{{"file k.pem", Status::unknown}, {"file m.pem", Status::unknown}});
}

TEST_CASE("a project without keys is not applicable, no project unknown") {
  CHECK(verdicts(kCheck, story()) == Verdicts{{"deployment", Status::not_applicable}});
  CHECK(verdicts(kCheck, Evidence{}) == Verdicts{{"deployment", Status::unknown}});
}

TEST_CASE("a key of a Secret has the mode that its volume declares") {
  const auto told = [](std::uint32_t mode) {
    Evidence evidence = rta::testing::story();
    ComposeService redis;
    redis.name = "statefulset/redis";
    redis.location = {"k8s/redis.yaml", 9, 3};
    Mount tls{.type = "secret", .source = "", .target = "/tls", .read_only = true};
    tls.mode = mode;
    redis.mounts = {tls};
    evidence.kubernetes = {redis};
    NamedFile key{"/tls/redis.key", "/tls/redis.key", {}, false, {}};
    key.reference = {FileUse::server_key, {}, "k8s/redis.yaml#statefulset/redis"};
    evidence.named_files = {key};
    return rta::testing::verdicts(kCheck, evidence).at(0).second;
  };
  CHECK(told(0400) == Status::pass);
  CHECK(told(0440) == Status::warn);
  CHECK(told(0644) == Status::fail);
  CHECK(told(0777) == Status::fail);
}

TEST_CASE("a compose secret from outside has the mode of its long form, one of a file the file's") {
  const auto told = [](const std::string& source, std::uint32_t mode) {
    Evidence evidence = rta::testing::story();
    ComposeProject project;
    project.files = {"compose.yaml"};
    ComposeService& redis = project.services.emplace_back();
    redis.name = "redis";
    redis.location = {"compose.yaml", 2, 3};
    Mount& key = redis.mounts.emplace_back();
    key.type = "secret";
    key.source = source;
    key.target = "/run/secrets/redis_key";
    key.mode = mode;
    evidence.compose = Observation<ComposeProject>{project};
    NamedFile named{"/run/secrets/redis_key", "/run/secrets/redis_key", {}, false, {}};
    named.reference = {FileUse::server_key, {}, "compose.yaml#redis"};
    evidence.named_files = {named};
    return rta::testing::verdicts(kCheck, evidence).at(0).second;
  };
  CHECK(told("", 0400) == Status::pass);
  CHECK(told("", 0444) == Status::fail);
  CHECK(told("keys/redis.key", 0400) == Status::not_applicable);
}
