#include <doctest/doctest.h>

#include "checks/applications/consumer_stories.h"
#include "tests/support/pki.h"

namespace rta::checks {
extern const Check applications_usable_ca;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::applications_usable_ca;
}  // namespace

namespace {

FileFacts some_file() {
  FileFacts facts;
  facts.path = "certs/ca.pem";
  return facts;
}

// A backend with a CA file that exists and holds the given certificates.
Evidence with_ca(std::vector<Bytes> certificates) {
  Evidence evidence = backend("REDIS_TLS_ENABLED=true\nREDIS_TLS_CA_PATH=/certs/ca.pem\n");
  evidence.consumers[0].ca->file = some_file();
  evidence.consumers[0].ca_certificates = std::move(certificates);
  return evidence;
}

}  // namespace

TEST_CASE("an existing CA certificate passes, observed") {
  const auto all = findings(check, with_ca({make_authority().der}));
  REQUIRE(all.size() == 1);
  CHECK(all[0].status == Status::pass);
  CHECK(all[0].grade == Grade::observed);
}

TEST_CASE("a placeholder, a missing file, no certificate and no CA fail") {
  CHECK(told(check,
             backend("REDIS_TLS_ENABLED=true\nREDIS_TLS_CA_PATH=/absolute/path/to/ca.pem\n")) ==
        one(kBackend, Status::fail));
  CHECK(told(check, with_ca({})) == one(kBackend, Status::fail));
  CHECK(told(check, with_ca({make_server(make_authority()).der})) == one(kBackend, Status::fail));
  Evidence missing = with_ca({});
  missing.consumers[0].ca->file = Gap{GapReason::not_found, "no such file", ""};
  CHECK(told(check, missing) == one(kBackend, Status::fail));
}

TEST_CASE("a leaf beside the CA in one file is no failure") {
  CHECK(told(check, with_ca({make_server(make_authority()).der, make_authority().der})) ==
        one(kBackend, Status::pass));
}

TEST_CASE("a relative path warns") {
  Evidence evidence = backend("REDIS_TLS_ENABLED=true\nREDIS_TLS_CA_PATH=certs/ca.pem\n");
  evidence.consumers[0].ca->file = some_file();
  evidence.consumers[0].ca_certificates = {make_authority().der};
  CHECK(told(check, evidence) == one(kBackend, Status::warn));
}

TEST_CASE("a file that may not be read is unknown, and so is no CA without a server") {
  Evidence outside = with_ca({});
  outside.consumers[0].ca->file =
      Gap{GapReason::outside_scope, "outside the project", "--allow-path /certs"};
  CHECK(told(check, outside) == one(kBackend, Status::unknown));
  CHECK(told(check, backend("REDIS_TLS_ENABLED=true\n")) == one(kBackend, Status::unknown));
}

TEST_CASE("no CA beside an own Redis fails, without TLS it does not apply") {
  Evidence own = backend("REDIS_TLS_ENABLED=true\n");
  own.redis_configurations.emplace_back().effective = {{"tls-cert-file", "/x"}};
  CHECK(told(check, own) == one(kBackend, Status::fail));
  CHECK(told(check, backend("REDIS_HOST=h\n")) == one(kBackend, Status::not_applicable));
}

TEST_CASE("no consumer at all is unknown") {
  CHECK(told(check, story()) == Verdicts{{"deployment", Status::unknown}});
}

TEST_CASE("in a pull request a CA that is not in the checkout is unknown, and no defect") {
  Evidence evidence = with_ca({});
  evidence.scope.ci = true;
  evidence.consumers[0].ca->path = "certs/ca.pem";
  evidence.consumers[0].ca->file = Gap{GapReason::not_found, "certs does not exist", ""};
  CHECK(told(check, evidence) == one(kBackend, Status::unknown));
}
