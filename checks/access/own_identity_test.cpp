#include "tests/support/check_story.h"
#include "tests/support/redis_story.h"

namespace rta::checks {
extern const Check access_own_identity;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::access_own_identity;
}

TEST_CASE("two applications with users of their own pass") {
  Evidence evidence = story();
  add_consumer(evidence, "backend", "backend");
  add_consumer(evidence, "worker", "worker");
  for (const auto& [subject, status] : verdicts(check, evidence)) CHECK(status == Status::pass);
}

TEST_CASE("a shared user warns, the default user warns, PCI fails both") {
  Evidence evidence = story();
  add_consumer(evidence, "backend", "app");
  add_consumer(evidence, "worker", "app");
  for (const auto& [subject, status] : verdicts(check, evidence)) CHECK(status == Status::warn);
  Evidence one = story();
  add_consumer(one, "backend");
  CHECK(findings(check, one).front().status == Status::warn);
  CHECK(findings(check, one, profile("pci-dss-4")).front().status == Status::fail);
}

TEST_CASE("two sources of one application share nothing with another") {
  Evidence evidence = story();
  add_consumer(evidence, "backend", "backend");
  add_consumer(evidence, "backend", "backend").key = "backend@docker-compose.yml";
  for (const auto& [subject, status] : verdicts(check, evidence)) CHECK(status == Status::pass);
}

TEST_CASE("without a project the connected clients tell") {
  Evidence evidence = story();
  RedisServer& server = *add_endpoint(evidence, hardened_server()).redis.value();
  CHECK(findings(check, evidence).front().status == Status::pass);
  server.clients.value()->front().user = "default";
  CHECK(findings(check, evidence).front().status == Status::warn);
  server.clients = std::vector<ClientEntry>{};
  CHECK(findings(check, evidence).front().status == Status::unknown);
  server.clients = Gap{GapReason::denied, "NOPERM", ""};
  CHECK(findings(check, evidence).front().status == Status::unknown);
}
