#include <doctest/doctest.h>

#include "tests/support/certificate_story.h"
#include "tests/support/check_story.h"
#include "tests/support/pki.h"

namespace rta::checks {
extern const Check expiry_monitoring_certificate_inventory;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& kCheck = checks::expiry_monitoring_certificate_inventory;

Evidence served() {
  Evidence evidence = story();
  serve(evidence, {make_self_signed(x509::proper_server({"redis"}, {}, story_time(), 90)).der});
  return evidence;
}

}  // namespace

TEST_CASE("a served certificate stands in the inventory with its days") {
  const auto told = findings(kCheck, served());
  REQUIRE(told.size() == 1);
  CHECK(told[0].status == Status::pass);
  CHECK(told[0].message.find("days left") != std::string::npos);
}

TEST_CASE("a certificate that is named and cannot be read is a hole") {
  Evidence evidence = served();
  NamedFile& named = evidence.named_files.emplace_back();
  named.declared = named.path = "/path/to/ca.pem";
  named.reference = {FileUse::consumer_ca, {"backend/.env", 2, 1}, "backend@backend/.env"};
  named.file = Observation<FileFacts>{Gap{GapReason::not_found, "there is no such file", ""}};
  CHECK(verdicts(kCheck, evidence) ==
        Verdicts{{"endpoint redis:6379", Status::pass}, {"file /path/to/ca.pem", Status::warn}});
}

TEST_CASE("a missing key file is no hole in the list of certificates") {
  Evidence evidence = served();
  NamedFile& named = evidence.named_files.emplace_back();
  named.reference.use = FileUse::server_key;
  named.file = Observation<FileFacts>{Gap{GapReason::not_found, "there is no such file", ""}};
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"endpoint redis:6379", Status::pass}});
}

TEST_CASE("nothing seen is unknown") {
  CHECK(findings(kCheck, story()).at(0).status == Status::unknown);
}
