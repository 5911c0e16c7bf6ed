#include "tests/support/check_story.h"
#include "tests/support/redis_story.h"

namespace rta::checks {
extern const Check live_idle_sessions_bounded;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& check = checks::live_idle_sessions_bounded;

Verdicts told(const std::map<std::string, std::string>& changed) {
  Evidence evidence = story();
  RedisConfiguration& conf = add_configuration(evidence);
  for (const auto& [name, value] : changed) conf.effective[name] = value;
  return verdicts(check, evidence);
}

Verdicts file(Status status) { return {{"file redis.conf", status}}; }

}  // namespace

TEST_CASE("a timeout within the limit passes, none and a long one warn") {
  CHECK(told({{"timeout", "900"}}) == file(Status::pass));
  CHECK(told({{"timeout", "3600"}}) == file(Status::pass));
  CHECK(told({{"timeout", "3601"}}) == file(Status::warn));
  CHECK(told({{"timeout", "0"}}) == file(Status::warn));
}

TEST_CASE("limits on connections") {
  CHECK(told({{"timeout", "900"}, {"maxclients", "100000"}}) ==
        Verdicts{{"file redis.conf", Status::pass}, {"file redis.conf", Status::warn}});
  CHECK(told({{"timeout", "900"}, {"tcp-keepalive", "0"}}) ==
        Verdicts{{"file redis.conf", Status::pass}, {"file redis.conf", Status::warn}});
}

TEST_CASE("pooled service accounts may be attested") {
  Evidence evidence = story();
  add_configuration(evidence);
  add_attestation(evidence, "pooled-service-accounts");
  CHECK(verdicts(check, evidence) == file(Status::pass));
}

TEST_CASE("a timeout that was not told is unknown") {
  Evidence evidence = story();
  add_silent_endpoint(evidence);
  CHECK(verdicts(check, evidence) == Verdicts{{"endpoint redis:6379", Status::unknown}});
}
