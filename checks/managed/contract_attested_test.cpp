#include "tests/support/check_story.h"
#include "tests/support/redis_story.h"

namespace rta::checks {
extern const Check managed_contract_attested;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::managed_contract_attested;
}

TEST_CASE("a managed Redis needs an attested agreement that has not expired") {
  Evidence evidence = story();
  add_endpoint(evidence, hardened_server()).host = "x.abc.euw1.cache.amazonaws.com";
  CHECK(findings(check, evidence).front().status == Status::manual);
  Attestation& contract = add_attestation(evidence, "baa");
  CHECK(findings(check, evidence).front().status == Status::pass);
  contract.expires = evidence.as_of - std::chrono::days{1};
  CHECK(findings(check, evidence).front().status == Status::manual);
}

TEST_CASE("a consumer's host is enough, and a Redis of one's own needs no agreement") {
  Evidence evidence = story();
  Consumer& consumer = add_consumer(evidence, "backend");
  consumer.host = "redis";
  CHECK(findings(check, evidence).front().status == Status::not_applicable);
  consumer.host = "x.memorydb.eu-west-1.amazonaws.com";
  CHECK(findings(check, evidence).front().status == Status::manual);
}
