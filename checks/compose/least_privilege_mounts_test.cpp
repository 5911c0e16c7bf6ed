#include <doctest/doctest.h>

#include "tests/support/check_story.h"

namespace rta::checks {
extern const Check compose_least_privilege_mounts;
}

using namespace rta;
using rta::testing::Verdicts;

namespace {

const Check& kCheck = checks::compose_least_privilege_mounts;

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

Evidence mounting(const Mount& mount, bool into_redis) {
  ComposeService service = redis_service();
  service.is_redis = into_redis;
  service.mounts = {mount};
  return project({service});
}

Mount certs() {
  return {.type = "bind",
          .source = "certs/redis",
          .target = "/certs/redis",
          .read_only = true,
          .is_directory = true};
}

}  // namespace

TEST_CASE("the key of a CA in any service fails") {
  Mount mount = certs();
  mount.private_keys = mount.ca_private_keys = {"certs/redis/ca-key.pem"};
  CHECK(told(mounting(mount, true)) == Status::fail);
  CHECK(told(mounting(mount, false)) == Status::fail);
}

TEST_CASE("the server's key belongs to the server alone, and read-only") {
  Mount mount = certs();
  mount.private_keys = {"certs/redis/redis-server-key.pem"};
  CHECK(told(mounting(mount, true)) == Status::pass);
  CHECK(told(mounting(mount, false)) == Status::fail);
  mount.read_only = false;
  CHECK(told(mounting(mount, true)) == Status::fail);
}

TEST_CASE("a whole directory warns for an application, one certificate says nothing about keys") {
  CHECK(told(mounting(certs(), false)) == Status::warn);
  Mount file{
      .type = "bind", .source = "certs/redis/ca-cert.pem", .target = "/ca.pem", .read_only = true};
  CHECK(told(mounting(file, false)) == Status::not_applicable);
  CHECK(told(mounting(file, true)) == Status::not_applicable);
}

TEST_CASE("a directory that is there, without the key that is named below it, is no pass") {
  Evidence evidence = mounting(certs(), true);
  CHECK(told(evidence) == Status::not_applicable);
  NamedFile key{"/certs/redis/redis.key", "certs/redis/redis.key", {}, false, {}};
  key.reference = {FileUse::server_key, {}, "docker-compose.yml#redis"};
  evidence.named_files = {key};
  CHECK(told(evidence) == Status::unknown);
}

TEST_CASE(
    "a directory that is not in the checkout is unknown, one without key material is nobody's "
    "business") {
  Mount mount = certs();
  mount.is_directory = false;
  CHECK(told(mounting(mount, false)) == Status::unknown);
  mount.source = "data";
  mount.target = "/data";
  CHECK(told(mounting(mount, false)) == Status::not_applicable);
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

TEST_CASE("an application may hold its own client key, not that of another") {
  Mount mount{.type = "bind", .source = "tls/app.key", .target = "/tls/app.key", .read_only = true};
  mount.private_keys = {"tls/app.key"};
  ComposeService service = redis_service();
  service.name = "backend";
  service.is_redis = false;
  service.mounts = {mount};
  Evidence evidence = project({service});
  KeyFile key;
  key.file.path = "tls/app.key";
  key.references = {{FileUse::consumer_key, {"backend/.env", 3, 1}, "backend@backend/.env"}};
  evidence.key_files = {Observation<KeyFile>{key}};
  CHECK(told(evidence) == Status::pass);
  key.references[0].by = "worker@worker/.env";
  evidence.key_files = {Observation<KeyFile>{key}};
  CHECK(told(evidence) == Status::fail);
  key.references = {{FileUse::consumer_key, {}, "backend@backend/.env"},
                    {FileUse::server_key, {}, "redis.conf"}};
  evidence.key_files = {Observation<KeyFile>{key}};
  CHECK(told(evidence) == Status::fail);
}

TEST_CASE("a file that a checkout does not hold is judged by who names it, and by a bad name") {
  const auto mounted = [](const std::string& source, bool into_redis, bool read_only,
                          std::optional<FileReference> named = {}) {
    Evidence evidence = mounting({.type = "bind",
                                  .source = source,
                                  .target = "/run/" + source,
                                  .read_only = read_only,
                                  .left_out = source + " is kept out of the checkout"},
                                 into_redis);
    if (named) evidence.named_files = {{source, source, *named, false, {}}};
    return told(evidence);
  };
  const FileReference servers{FileUse::server_key, {}, "redis.conf"};
  const FileReference own{FileUse::consumer_key, {}, "redis@redis/.env"};
  const FileReference others{FileUse::consumer_key, {}, "worker@worker/.env"};
  CHECK(mounted("tls/ca-key.pem", true, true) == Status::fail);
  CHECK(mounted("tls/redis.key", false, true, servers) == Status::fail);
  CHECK(mounted("tls/worker.key", false, true, others) == Status::fail);
  CHECK(mounted("tls/redis.key", true, false, servers) == Status::fail);
  CHECK(mounted("tls/redis.key", true, true, servers) == Status::pass);
  CHECK(mounted("tls/redis.key", true, true) == Status::unknown);
  const FileReference ca{FileUse::server_ca, {}, "redis.conf"};
  CHECK(mounted("tls/ca.pem", true, true, ca) == Status::not_applicable);
  CHECK(mounted("tls/app.key", false, true, own) == Status::pass);
  CHECK(mounted("tls/app.key", false, true) == Status::warn);
  // No name is proof that there is no key in it.
  CHECK(mounted("tls/bundle.pem", false, true) == Status::unknown);
}

TEST_CASE("a folder that is mounted for something else gives the key that compose takes from it") {
  ComposeService redis = redis_service();
  redis.mounts = {{.type = "bind", .source = "certs/k.pem", .target = "/k.pem", .read_only = true}};
  ComposeService backend = redis_service();
  backend.name = "backend";
  backend.is_redis = false;
  backend.mounts = {{.type = "bind", .source = ".", .target = "/app", .is_directory = true}};
  const auto of_backend = [&](FileReference reference) {
    Evidence evidence = project({backend, redis});
    evidence.named_files = {{"/k.pem", "certs/k.pem", std::move(reference), false, {}}};
    for (const auto& [subject, status] : rta::testing::verdicts(kCheck, evidence))
      if (subject.contains("backend")) return std::string{name_of(status)};
    return std::string{"nothing"};
  };
  const FileReference servers{FileUse::server_key, {}, "docker-compose.yml#redis"};
  CHECK(of_backend(servers) == "fail");
  CHECK(of_backend({FileUse::consumer_key, {}, "worker@x"}) == "fail");
  CHECK(of_backend({FileUse::consumer_key, {}, "backend@x"}) == "nothing");
  CHECK(of_backend({FileUse::server_ca, {}, "docker-compose.yml#redis"}) == "nothing");
  backend.mounts.push_back({.type = "volume", .source = "", .target = "/app/certs"});
  CHECK(of_backend(servers) == "nothing");
  backend.mounts = {{.type = "bind", .source = "src", .target = "/app", .is_directory = true}};
  CHECK(of_backend(servers) == "nothing");
}

TEST_CASE("a private key that is copied into the image is everybody's who has the image") {
  ComposeService backend = redis_service();
  backend.name = "backend";
  backend.is_redis = false;
  backend.copies = {{"backend/k.pem", "/certs/k.pem"}, {"backend", "/app"}};
  Evidence evidence = project({backend});
  CHECK(told(evidence) == Status::not_applicable);
  evidence.named_files = {
      {"/certs/k.pem", "backend/k.pem", {FileUse::consumer_key, {}, "backend@x"}, false, {}}};
  CHECK(told(evidence) == Status::fail);
}
