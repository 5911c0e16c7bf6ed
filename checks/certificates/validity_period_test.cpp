#include <doctest/doctest.h>

#include "tests/support/certificate_story.h"
#include "tests/support/check_story.h"
#include "tests/support/pki.h"

namespace rta::checks {
extern const Check certificates_validity_period;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& kCheck = checks::certificates_validity_period;

Finding of(Timestamp from, Timestamp until) {
  x509::CertificateSpec spec = x509::proper_server({"redis"}, {}, from, 1);
  spec.not_after = until;
  Evidence evidence = story();
  serve(evidence, {make_self_signed(spec).der});
  return findings(kCheck, evidence).at(0);
}
Status of_leaf(Timestamp from, Timestamp until) { return of(from, until).status; }
std::string message(Timestamp from, Timestamp until) { return of(from, until).message; }

}  // namespace

TEST_CASE("the margin follows the lifetime") {
  using std::chrono::hours;
  const auto status = [](hours lifetime, hours left) {
    return of_leaf(story_time() + left - lifetime, story_time() + left);
  };
  const hours day{24};
  CHECK(status(365 * day, 100 * day) == Status::pass);
  CHECK(status(365 * day, 29 * day) == Status::warn);
  CHECK(status(365 * day, 6 * day) == Status::fail);
  CHECK(status(365 * day, 8 * day) == Status::warn);
  CHECK(status(hours{160}, 4 * day) == Status::pass);  // a week-long certificate half-way
  CHECK(status(hours{160}, 2 * day) == Status::warn);
  CHECK(status(hours{160}, hours{15}) == Status::fail);
}

TEST_CASE("before its start and after its end a certificate fails; its last second still counts") {
  using std::chrono::days;
  CHECK(of_leaf(story_time() + std::chrono::seconds{1}, story_time() + days{90}) == Status::fail);
  CHECK(of_leaf(story_time(), story_time() + days{90}) == Status::pass);
  CHECK(message(story_time() - days{90}, story_time()).ends_with("has 0 hours left"));
  CHECK(
      message(story_time() - days{90}, story_time() - std::chrono::seconds{1}).contains("expired"));
}

TEST_CASE("an endpoint that showed no certificate is unknown, and so is nothing at all") {
  Evidence evidence = story();
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"deployment", Status::unknown}});
  serve_nothing(evidence);
  add_certificates(evidence, "c.pem", {make_authority().der}, FileUse::server_ca);
  CHECK(verdicts(kCheck, evidence) ==
        Verdicts{{"endpoint redis:6379", Status::unknown}, {"file c.pem", Status::pass}});
}

TEST_CASE("a certificate is judged where it is served rather than in its file") {
  Evidence evidence = story();
  const Issued leaf = make_server(make_authority());
  serve(evidence, {leaf.der});
  add_certificates(evidence, "c.pem", {leaf.der}, FileUse::server_certificate);
  const std::vector<Finding> told = findings(kCheck, evidence);
  REQUIRE(told.size() == 1);
  CHECK(told[0].subject.text() == "endpoint redis:6379");
  CHECK(told[0].grade == Grade::observed);
}

TEST_CASE("development asks for no margin before the end") {
  Evidence evidence = story();
  x509::CertificateSpec spec =
      x509::proper_ca("Corp Root", story_time() - std::chrono::days{360}, 363);
  add_certificates(evidence, "c.pem", {make_self_signed(spec).der}, FileUse::server_ca);
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"file c.pem", Status::fail}});
  CHECK(verdicts(kCheck, evidence, profile("development")) ==
        Verdicts{{"file c.pem", Status::warn}});
}
