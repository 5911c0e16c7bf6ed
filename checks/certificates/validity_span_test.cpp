#include <doctest/doctest.h>

#include "tests/support/certificate_story.h"
#include "tests/support/check_story.h"
#include "tests/support/pki.h"

namespace rta::checks {
extern const Check certificates_validity_span;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& kCheck = checks::certificates_validity_span;

Status of_days(int days, int seconds = 0) {
  x509::CertificateSpec spec = x509::proper_server({"redis"}, {}, issued_at(), days);
  spec.not_after += std::chrono::seconds{seconds};
  Evidence evidence = story();
  serve(evidence, {make_issued(spec, make_authority()).der});
  return findings(kCheck, evidence).at(0).status;
}

}  // namespace

TEST_CASE("both ends of a private leaf's span count; a second alone never fails it") {
  CHECK(of_days(90) == Status::pass);
  CHECK(of_days(398, -1) == Status::pass);
  CHECK(of_days(398) == Status::warn);  // as `openssl x509 -days 398` makes it
  CHECK(of_days(1095) == Status::warn);
  CHECK(of_days(1095, 1) == Status::fail);
  CHECK(of_days(3650) == Status::fail);
}

TEST_CASE("a leaf of a public authority follows the forum's schedule for its day of issue") {
  const Issued ca = make_authority();
  Evidence evidence = story();
  evidence.public_store = {ca.der};
  // Issued in October 2026: 200 days at most.
  serve(evidence, {make_issued(x509::proper_server({"redis"}, {}, issued_at(), 300), ca).der});
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"endpoint redis:6379", Status::fail}});
  evidence.endpoints.clear();
  // Both ends count: 200 days and one second are a 201st day (6.3.2).
  serve(evidence, {make_issued(x509::proper_server({"redis"}, {}, issued_at(), 200), ca).der});
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"endpoint redis:6379", Status::fail}});
  evidence.endpoints.clear();
  x509::CertificateSpec longest = x509::proper_server({"redis"}, {}, issued_at(), 200);
  longest.not_after -= std::chrono::seconds{1};
  serve(evidence, {make_issued(longest, ca).der});
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"endpoint redis:6379", Status::pass}});
}

TEST_CASE("a root with more than ten years left warns, one with less is not judged") {
  Evidence evidence = story();
  add_certificates(evidence, "ca.pem", {make_authority().der}, FileUse::server_ca);
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"deployment", Status::not_applicable}});
  add_certificates(evidence, "old.pem",
                   {make_self_signed(x509::proper_ca("Old Root", issued_at(), 7300)).der},
                   FileUse::server_ca);
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"file old.pem", Status::warn}});
}

TEST_CASE("nothing seen is unknown") {
  CHECK(verdicts(kCheck, story()) == Verdicts{{"deployment", Status::unknown}});
}
