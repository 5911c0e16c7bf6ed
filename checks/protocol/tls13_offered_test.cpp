#include <doctest/doctest.h>

#include "tests/support/check_story.h"
#include "tests/support/tls_story.h"

namespace rta::checks {
extern const Check protocol_tls13_offered;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::protocol_tls13_offered;
}  // namespace

TEST_CASE("TLS 1.3 passes when offered; its absence is the profile's to judge") {
  CHECK(told(check, guide_survey()) == Status::pass);
  TlsSurvey survey = guide_survey();
  refuse(survey, ProtocolVersion::tls1_3);
  CHECK(told(check, survey) == Status::warn);
  CHECK(told(check, survey, "nist-800-52r2") == Status::fail);
  CHECK(told(check, survey, "development") == Status::pass);
}

TEST_CASE("TLS 1.3 without a definite answer is unknown") {
  TlsSurvey survey = guide_survey();
  leave_open(survey, ProtocolVersion::tls1_3);
  CHECK(told(check, survey) == Status::unknown);
}

TEST_CASE("tls13 offered: without a survey nothing is said but unknown") {
  CHECK(is_unknown_without_survey(check));
}
