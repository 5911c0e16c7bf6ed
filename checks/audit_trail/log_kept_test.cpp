#include "tests/support/check_story.h"
#include "tests/support/redis_story.h"

namespace rta::checks {
extern const Check audit_trail_log_kept;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& check = checks::audit_trail_log_kept;

Status clock(std::int64_t skew) {
  Evidence evidence = story();
  RedisServer server = hardened_server();
  server.clock_skew_seconds = skew;
  add_endpoint(evidence, server);
  add_attestation(evidence, "audit-logging").details["retention"] = "6 years";
  return findings(check, evidence).front().status;
}

}  // namespace

TEST_CASE("a clock that is off warns after five seconds and fails after a minute") {
  CHECK(clock(5) == Status::pass);
  CHECK(clock(-6) == Status::warn);
  CHECK(clock(60) == Status::warn);
  CHECK(clock(-61) == Status::fail);
}

TEST_CASE("retention is attested, and an agent that ships the log is not enough") {
  Evidence evidence = story();
  CHECK(findings(check, evidence).front().status == Status::manual);
  evidence.artefacts.push_back({.purpose = Purpose::log_shipping, .summary = "vector"});
  CHECK(findings(check, evidence).front().status == Status::manual);
  Attestation& attestation = add_attestation(evidence, "audit-logging");
  CHECK(findings(check, evidence).front().status == Status::manual);
  attestation.details["retention"] = "6 years";
  CHECK(findings(check, evidence).front().status == Status::pass);
}
