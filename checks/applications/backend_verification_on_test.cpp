#include <doctest/doctest.h>

#include "checks/applications/consumer_stories.h"

namespace rta::checks {
extern const Check applications_backend_verification_on;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::applications_backend_verification_on;
}  // namespace

TEST_CASE("production without switches passes") {
  CHECK(told(check, backend("REDIS_TLS_ENABLED=true\nNODE_ENV=production\n")) ==
        one(kBackend, Status::pass));
}

TEST_CASE("development mode and each kill switch fail, and warn in the development profile") {
  for (const char* text :
       {"NODE_ENV=development\n", "NODE_ENV=production\nNODE_TLS_REJECT_UNAUTHORIZED=0\n",
        "NODE_ENV=production\nREDIS_TLS_REJECT_UNAUTHORIZED=false\n",
        "NODE_ENV=production\nREDIS_TLS_SKIP_VERIFY=true\n",
        "NODE_ENV=production\nREDIS_URL=rediss://h?ssl_cert_reqs=none\n",
        "NODE_ENV=production\nREDIS_URL=\"rediss://h/#insecure\"\n"}) {
    INFO(text);
    const Evidence evidence = backend(std::string{"REDIS_TLS_ENABLED=true\n"} + text);
    CHECK(told(check, evidence) == one(kBackend, Status::fail));
    CHECK(verdicts(check, evidence, profile("development")) == one(kBackend, Status::warn));
  }
}

TEST_CASE("values of the Node switch other than 0 do not fail") {
  for (const char* value : {"1", "false", ""})
    CHECK(
        told(check,
             backend(
                 std::string{
                     "REDIS_TLS_ENABLED=true\nNODE_ENV=production\nNODE_TLS_REJECT_UNAUTHORIZED="} +
                 value + "\n")) == one(kBackend, Status::pass));
}

TEST_CASE("an unset or unusual NODE_ENV warns, unless the client is known to verify") {
  Evidence evidence = backend("REDIS_TLS_ENABLED=true\n");
  CHECK(told(check, evidence) == one(kBackend, Status::warn));
  CHECK(told(check, backend("REDIS_TLS_ENABLED=true\nNODE_ENV=qa\n")) ==
        one(kBackend, Status::warn));
  evidence.consumers[0].level = VerificationLevel::tls_verified;
  CHECK(told(check, evidence) == one(kBackend, Status::pass));
}

TEST_CASE("without TLS it does not apply; without a backend it is unknown") {
  CHECK(told(check, backend("REDIS_HOST=h\n")) == one(kBackend, Status::not_applicable));
  CHECK(told(check, story()) == Verdicts{{"deployment", Status::unknown}});
}

TEST_CASE("a client that verifies the chain needs no NODE_ENV, its name check is asked elsewhere") {
  Evidence evidence = backend("REDIS_URL=rediss://h\n");
  evidence.consumers[0].level = VerificationLevel::tls_chain_only;
  CHECK(told(check, evidence) == one(kBackend, Status::pass));
}
