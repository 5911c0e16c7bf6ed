#include <doctest/doctest.h>

#include "checks/applications/consumer_stories.h"

namespace rta::checks {
extern const Check applications_worker_verification_on;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::applications_worker_verification_on;
}  // namespace

TEST_CASE("REDIS_TLS_VERIFY=true passes") {
  CHECK(told(check, worker("REDIS_TLS_ENABLED=true\nREDIS_TLS_VERIFY=true\n")) ==
        one(kWorker, Status::pass));
  CHECK(told(check, worker("REDIS_TLS_ENABLED=true\nREDIS_SSL_CERT_REQS=required\n")) ==
        one(kWorker, Status::pass));
}

TEST_CASE("every way to say no fails, and warns in the development profile") {
  for (const char* text :
       {"REDIS_TLS_VERIFY=false\n", "REDIS_TLS_VERIFY=0\n", "REDIS_SSL_CERT_REQS=none\n",
        "CELERY_BROKER_URL=rediss://h?ssl_cert_reqs=CERT_NONE\n"}) {
    INFO(text);
    const Evidence evidence = worker(std::string{"REDIS_TLS_ENABLED=true\n"} + text);
    CHECK(told(check, evidence) == one(kWorker, Status::fail));
    CHECK(verdicts(check, evidence, profile("development")) == one(kWorker, Status::warn));
  }
}

TEST_CASE("PYTHONHTTPSVERIFY=0 alone is no failure") {
  CHECK(
      told(check, worker("REDIS_TLS_ENABLED=true\nREDIS_TLS_VERIFY=true\nPYTHONHTTPSVERIFY=0\n")) ==
      one(kWorker, Status::pass));
}

TEST_CASE("unset or unclear warns, unless the client is known to verify") {
  Evidence evidence = worker("REDIS_TLS_ENABLED=true\n");
  CHECK(told(check, evidence) == one(kWorker, Status::warn));
  CHECK(told(check, worker("REDIS_TLS_ENABLED=true\nREDIS_TLS_VERIFY=maybe\n")) ==
        one(kWorker, Status::warn));
  evidence.consumers[0].level = VerificationLevel::tls_verified;
  CHECK(told(check, evidence) == one(kWorker, Status::pass));
}

TEST_CASE("without TLS it does not apply; without a worker it is unknown") {
  CHECK(told(check, worker("REDIS_HOST=h\n")) == one(kWorker, Status::not_applicable));
  CHECK(told(check, story()) == Verdicts{{"deployment", Status::unknown}});
}
