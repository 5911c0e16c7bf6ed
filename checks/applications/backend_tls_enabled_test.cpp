#include <doctest/doctest.h>

#include "checks/applications/consumer_stories.h"

namespace rta::checks {
extern const Check applications_backend_tls_enabled;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::applications_backend_tls_enabled;
}  // namespace

TEST_CASE("exactly true or a rediss URL passes") {
  CHECK(told(check, backend("REDIS_TLS_ENABLED=true\n")) == one(kBackend, Status::pass));
  CHECK(told(check, backend("REDIS_URL=rediss://h:6379\n")) == one(kBackend, Status::pass));
}

TEST_CASE("absent, false, empty or misquoted fails") {
  for (const char* text : {"REDIS_HOST=h\n", "REDIS_TLS_ENABLED=false\n", "REDIS_TLS_ENABLED=\n",
                           "REDIS_TLS_ENABLED=true,\n", "REDIS_URL=redis://h\n"})
    CHECK(told(check, backend(text)) == one(kBackend, Status::fail));
}

TEST_CASE("words that some applications take as true warn, unless the policy lists them") {
  const Evidence evidence = backend("REDIS_TLS_ENABLED=TRUE\n");
  CHECK(told(check, evidence) == one(kBackend, Status::warn));
  Policy policy = profile("hipaa");
  policy.truthy = {"TRUE"};
  CHECK(verdicts(check, evidence, policy) == one(kBackend, Status::pass));
  CHECK(told(check, backend("REDIS_TLS_ENABLED=true\nREDIS_URL=redis://h\n")) ==
        one(kBackend, Status::warn));
}

TEST_CASE("plaintext is a warning in development") {
  CHECK(verdicts(check, backend("REDIS_HOST=h\n"), profile("development")) ==
        one(kBackend, Status::warn));
}

TEST_CASE("a value that another reader sees differently is told") {
  Evidence evidence = backend("REDIS_TLS_ENABLED=true\n");
  evidence.consumers[0].tls_switch->other_dialects = {"python: true#on"};
  const auto all = findings(check, evidence);
  REQUIRE(all.size() == 2);
  CHECK(all[1].status == Status::warn);
}

TEST_CASE("no such consumer, or a file that its reader refuses, is unknown") {
  CHECK(told(check, story()) == Verdicts{{"deployment", Status::unknown}});
  CHECK(told(check, worker("REDIS_TLS_ENABLED=true\n")) ==
        Verdicts{{"deployment", Status::unknown}});
  Evidence evidence = backend("REDIS_TLS_ENABLED=true\n");
  evidence.consumers[0].refused = "unterminated quoted value";
  CHECK(told(check, evidence) == one(kBackend, Status::unknown));
}

TEST_CASE("of several URLs the one in plaintext decides, in any order") {
  for (const char* text : {"BULL_REDIS_URL=rediss://h\nREDIS_URL=redis://:x@h:1\n",
                           "REDIS_URL=redis://:x@h:1\nBULL_REDIS_URL=rediss://h\n",
                           "CACHE_URL=https://cdn\nREDIS_URL=redis://:x@h:1\n"}) {
    const Evidence evidence = backend(text);
    CHECK(told(check, evidence) == one(kBackend, Status::fail));
    CHECK(findings(check, evidence).at(0).remediation == "REDIS_URL=rediss://***@h:1");
  }
  CHECK(told(check, backend("RESULT_BACKEND=db+sqlite:///x\nREDIS_URL=rediss://h\n")) ==
        one(kBackend, Status::pass));
}

TEST_CASE("two addresses of one server, or switches that disagree, leave it to the application") {
  for (const char* text :
       {"REDIS_URL=redis://h\nREDIS_TLS_URL=rediss://h\n",
        "REDIS_TLS_ENABLED=true\nREDIS_SSL=false\n", "REDIS_SSL=false\nREDIS_TLS_ENABLED=true\n"})
    CHECK(told(check, backend(text)) == one(kBackend, Status::warn));
}

TEST_CASE("of two switches the one that the code reads decides") {
  Evidence evidence = backend("REDIS_SSL=false\nREDIS_TLS_ENABLED=true\n");
  evidence.consumers[0].comparisons = {
      {"REDIS_TLS_ENABLED", "=== 'true'", "exactly 'true'", true, {"a.js", 1, 1}}};
  CHECK(told(check, evidence) == one(kBackend, Status::pass));
}

TEST_CASE("the remedy is written in the words that the application reads") {
  const auto remedy = [](const std::string& text) {
    return findings(check, backend(text)).at(0).remediation;
  };
  CHECK(remedy("SPRING_DATA_REDIS_HOST=h\n") == "SPRING_DATA_REDIS_SSL_ENABLED=true");
  CHECK(remedy("SPRING_DATA_REDIS_SSL_ENABLED=false\n") == "SPRING_DATA_REDIS_SSL_ENABLED=true");
  CHECK(remedy("ConnectionStrings__Redis=redis:6379,ssl=False,abortConnect=false\n") ==
        "ConnectionStrings__Redis=redis:6379,abortConnect=false,ssl=True");
  CHECK(remedy("REDIS_HOST=h\nREDIS_SCHEME=redis\n") == "REDIS_SCHEME=tls");
  CHECK(remedy("REDIS_HOST=h\nAPP_REDIS_TLS=off\n") == "APP_REDIS_TLS=true");
  CHECK(remedy("UPSTASH_REDIS_REST_URL=http://r.example.org\n") ==
        "UPSTASH_REDIS_REST_URL=https://r.example.org");
  for (const char* text :
       {"SPRING_DATA_REDIS_SSL_ENABLED=false\n", "ConnectionStrings__Redis=redis:6379,ssl=False\n",
        "REDIS_SCHEME=redis\n", "APP_REDIS_TLS=off\n",
        "UPSTASH_REDIS_REST_URL=http://r.example.org\n", "REDIS_URL=redis://h\n"}) {
    INFO(text);  // what is told is what it wants to see
    CHECK(told(check, backend(remedy(text) + "\n")) == one(kBackend, Status::pass));
  }
}
