#include <doctest/doctest.h>

#include "checks/applications/consumer_stories.h"

namespace rta::checks {
extern const Check applications_variable_names;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::applications_variable_names;
}  // namespace

TEST_CASE("the right names pass, in both roles") {
  CHECK(told(check, backend("REDIS_TLS_ENABLED=true\nREDIS_TLS_CA_PATH=/c\nREDIS_DB=0\n")) ==
        one(kBackend, Status::pass));
  CHECK(told(check,
             worker("REDIS_TLS_ENABLED=true\nREDIS_TLS_CA_CERT=/c\nREDIS_TLS_VERIFY=true\n")) ==
        one(kWorker, Status::pass));
}

TEST_CASE("the other role's spelling, near misses, glue, duplicates and half pairs warn") {
  for (const char* text :
       {"REDIS_TLS_CA_CERT=/c\n", "REDIS_TLS_ENABLE=true\n", "FOO=barREDIS_TLS_ENABLED=true\n",
        "REDIS_TLS_ENABLED=false\nREDIS_TLS_ENABLED=true\n", "REDIS_TLS_CERT_PATH=/c\n",
        "REDIS_TLS_CA_PATH=\"/c \"\n"}) {
    INFO(text);
    CHECK(told(check, backend(text)) == one(kBackend, Status::warn));
  }
}

TEST_CASE("both spellings, equal duplicates and full pairs do not warn") {
  for (const char* text :
       {"REDIS_TLS_CA_PATH=/c\nREDIS_TLS_CERT_PATH=/c\nREDIS_TLS_KEY_PATH=/k\n",
        "REDIS_TLS_ENABLED=true\nREDIS_TLS_ENABLED=true\n", "REDIS_POOL_SIZE=5\n"}) {
    INFO(text);
    CHECK(told(check, backend(text)) == one(kBackend, Status::pass));
  }
}

TEST_CASE("two spellings across consumers are an information") {
  Evidence evidence = backend("REDIS_TLS_CA_PATH=/c\n");
  evidence.consumers.push_back(worker("REDIS_TLS_CA_CERT=/c\n").consumers[0]);
  const auto all = findings(check, evidence);
  REQUIRE(all.size() == 3);
  CHECK(all[2].subject == Subject::deployment());
  CHECK(all[2].severity == Severity::info);
}

TEST_CASE("an address that nobody audits warns, a compose name does not") {
  Evidence evidence = backend("REDIS_HOST=other\n");
  evidence.endpoints.emplace_back().key = "redis:6379";
  CHECK(told(check, evidence) == one(kBackend, Status::warn));
  ComposeProject compose;
  compose.services.emplace_back().name = "other";
  evidence.compose = compose;
  CHECK(told(check, evidence) == one(kBackend, Status::pass));
}

TEST_CASE("another reader's view warns") {
  Evidence evidence = backend("REDIS_TLS_ENABLED=true\n");
  evidence.consumers[0].settings[0].other_dialects = {"python: unset"};
  CHECK(told(check, evidence) == one(kBackend, Status::warn));
}

TEST_CASE("no consumer is unknown") {
  CHECK(told(check, story()) == Verdicts{{"deployment", Status::unknown}});
}

TEST_CASE("switches that contradict each other are told") {
  const auto all = findings(check, backend("REDIS_TLS_ENABLED=true\nREDIS_SSL=false\n"));
  REQUIRE(all.size() == 1);
  CHECK(all[0].status == Status::warn);
  CHECK(all[0].source.location.line == 2);
}
