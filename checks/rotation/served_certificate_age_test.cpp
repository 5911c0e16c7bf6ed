#include <doctest/doctest.h>

#include "tests/support/certificate_story.h"
#include "tests/support/check_story.h"
#include "tests/support/pki.h"

namespace rta::checks {
extern const Check rotation_served_certificate_age;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& kCheck = checks::rotation_served_certificate_age;

Evidence served_for(int days) {
  const Timestamp from = story_time() - std::chrono::days{days};
  Evidence evidence = story();
  serve(evidence, {make_self_signed(x509::proper_server({"redis"}, {}, from, 3650)).der});
  return evidence;
}

Status after(int days, const char* name = "hipaa") {
  return findings(kCheck, served_for(days), profile(name)).at(0).status;
}

}  // namespace

TEST_CASE("a certificate passes for 90 days, then warns, and fails after 398") {
  CHECK(after(0) == Status::pass);
  CHECK(after(90) == Status::pass);
  CHECK(after(91) == Status::warn);
  CHECK(after(398) == Status::warn);
  CHECK(after(399) == Status::fail);
}

TEST_CASE("profiles set their own period") {
  CHECK(after(91, "nist-800-52r2") == Status::pass);
  CHECK(after(1096, "nist-800-52r2") == Status::fail);
  CHECK(after(91, "mozilla-modern") == Status::fail);
  CHECK(after(3000, "development") == Status::pass);
}

TEST_CASE("an endpoint whose certificate was not seen is unknown, and so is no endpoint") {
  Evidence evidence = story();
  serve_nothing(evidence);
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"endpoint redis:6379", Status::unknown}});
  CHECK(verdicts(kCheck, story()) == Verdicts{{"deployment", Status::unknown}});
}
