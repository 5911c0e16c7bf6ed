#include <doctest/doctest.h>

#include "checks/applications/consumer_stories.h"

namespace rta::checks {
extern const Check applications_credentials_protected;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::applications_credentials_protected;
}  // namespace

TEST_CASE("a real password over TLS passes, and so does a client certificate") {
  CHECK(told(check, backend("REDIS_TLS_ENABLED=true\nREDIS_PASSWORD=kV93hx0Rz\n")) ==
        one(kBackend, Status::pass));
  CHECK(told(check, backend("REDIS_URL=rediss://app:kV93hx0Rz@h\n")) ==
        one(kBackend, Status::pass));
  CHECK(told(check,
             backend("REDIS_TLS_ENABLED=true\nREDIS_TLS_CERT_PATH=/c\nREDIS_TLS_KEY_PATH=/k\n")) ==
        one(kBackend, Status::pass));
}

TEST_CASE("a password in clear and a documented password fail") {
  CHECK(told(check, backend("REDIS_PASSWORD=kV93hx0Rz\n")) == one(kBackend, Status::fail));
  CHECK(told(check, backend("REDIS_URL=redis://app:kV93hx0Rz@h\n")) == one(kBackend, Status::fail));
  CHECK(told(check, backend("REDIS_TLS_ENABLED=true\nREDIS_PASSWORD=YourSecurePassword\n")) ==
        one(kBackend, Status::fail));
}

TEST_CASE("no credential, or an empty password, warns") {
  CHECK(told(check, backend("REDIS_TLS_ENABLED=true\n")) == one(kBackend, Status::warn));
  CHECK(told(check, backend("REDIS_TLS_ENABLED=true\nREDIS_PASSWORD=\n")) ==
        one(kBackend, Status::warn));
}

TEST_CASE("no consumer is unknown") {
  CHECK(told(check, story()) == Verdicts{{"deployment", Status::unknown}});
}
