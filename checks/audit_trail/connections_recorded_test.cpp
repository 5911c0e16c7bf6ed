#include "tests/support/check_story.h"
#include "tests/support/redis_story.h"

namespace rta::checks {
extern const Check audit_trail_connections_recorded;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::audit_trail_connections_recorded;
}

TEST_CASE("verbose records connections, notice does not") {
  Evidence evidence = story();
  RedisConfiguration& conf = add_configuration(evidence);
  CHECK(verdicts(check, evidence) == Verdicts{{"file redis.conf", Status::warn}});
  conf.effective["loglevel"] = "verbose";
  CHECK(verdicts(check, evidence) == Verdicts{{"file redis.conf", Status::pass}});
}

TEST_CASE("another record of connections serves, a disabled or documented one does not") {
  Evidence evidence = story();
  add_endpoint(evidence, open_server());
  Artefact& proxy = evidence.artefacts.emplace_back();
  proxy.purpose = Purpose::access_audit;
  proxy.summary = "haproxy with a connection log";
  CHECK(verdicts(check, evidence) == Verdicts{{"endpoint redis:6379", Status::pass}});
  proxy.enabled = false;
  CHECK(verdicts(check, evidence) == Verdicts{{"endpoint redis:6379", Status::warn}});
  proxy.enabled = true;
  proxy.test_or_document = true;
  CHECK(verdicts(check, evidence) == Verdicts{{"endpoint redis:6379", Status::warn}});
}

TEST_CASE("a level that was not told is unknown") {
  Evidence evidence = story();
  add_silent_endpoint(evidence);
  CHECK(verdicts(check, evidence) == Verdicts{{"endpoint redis:6379", Status::unknown}});
}
