#include "tests/support/check_story.h"
#include "tests/support/redis_story.h"

namespace rta::checks {
extern const Check managed_provider_recognised;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::managed_provider_recognised;
}

TEST_CASE("a provider is told by the name, a fork by its answers, and a Redis is neither") {
  Evidence evidence = story();
  Endpoint& endpoint = add_endpoint(evidence, hardened_server());
  CHECK(findings(check, evidence).front().status == Status::not_applicable);
  endpoint.redis.value()->info["dragonfly_version"] = "df-v1.2";
  CHECK(findings(check, evidence).front().status == Status::warn);
  CHECK(findings(check, evidence).front().severity == Severity::info);
  endpoint.host = "x.abc.euw1.cache.amazonaws.com";
  CHECK(findings(check, evidence).front().status == Status::pass);
}

TEST_CASE("a provider that does not answer is still the provider") {
  Evidence evidence = story();
  add_silent_endpoint(evidence).host = "x.redis.cache.windows.net";
  CHECK(findings(check, evidence).front().status == Status::pass);
}
