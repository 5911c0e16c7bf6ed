#include <doctest/doctest.h>

#include "tests/support/check_story.h"
#include "tests/support/tls_story.h"

namespace rta::checks {
extern const Check protocol_tls12_by_policy;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::protocol_tls12_by_policy;
}  // namespace

TEST_CASE("TLS 1.2, 1.3 or both pass where both are allowed") {
  CHECK(told(check, guide_survey()) == Status::pass);
  TlsSurvey survey = guide_survey();
  refuse(survey, ProtocolVersion::tls1_2);
  CHECK(told(check, survey) == Status::pass);
  CHECK(told(check, survey, "mozilla-modern") == Status::pass);
}

TEST_CASE("TLS 1.2 fails where only 1.3 is allowed, and neither fails everywhere") {
  CHECK(told(check, guide_survey(), "mozilla-modern") == Status::fail);
  TlsSurvey old = guide_survey();
  accept(old, ProtocolVersion::tls1_1, {0xC013});
  refuse(old, ProtocolVersion::tls1_2);
  refuse(old, ProtocolVersion::tls1_3);
  CHECK(told(check, old, "development") == Status::fail);
}

TEST_CASE("an open version is unknown only where it matters") {
  TlsSurvey survey = guide_survey();
  leave_open(survey, ProtocolVersion::tls1_2);
  CHECK(told(check, survey) == Status::pass);
  CHECK(told(check, survey, "mozilla-modern") == Status::unknown);
}

TEST_CASE("tls12 by policy: without a survey nothing is said but unknown") {
  CHECK(is_unknown_without_survey(check));
}
