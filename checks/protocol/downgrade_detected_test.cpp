#include <doctest/doctest.h>

#include "tests/support/check_story.h"
#include "tests/support/tls_story.h"

namespace rta::checks {
extern const Check protocol_downgrade_detected;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::protocol_downgrade_detected;
}  // namespace

TEST_CASE("both protections pass, one missing warns, none fails") {
  TlsSurvey survey = guide_survey();
  CHECK(told(check, survey) == Status::pass);
  survey.behaviour.downgrade_sentinel = false;
  CHECK(told(check, survey) == Status::warn);
  survey.behaviour.fallback_scsv_honoured = false;
  CHECK(told(check, survey) == Status::fail);
}

TEST_CASE("what was not seen is unknown, and one version has nothing to fall back to") {
  TlsSurvey survey = guide_survey();
  survey.behaviour.fallback_scsv_honoured.reset();
  CHECK(told(check, survey) == Status::unknown);
  TlsSurvey single = guide_survey();
  refuse(single, ProtocolVersion::tls1_2);
  CHECK(told(check, single) == Status::not_applicable);
  leave_open(single, ProtocolVersion::tls1_2);
  CHECK(told(check, single) == Status::unknown);
}

TEST_CASE("downgrade detected: without a survey nothing is said but unknown") {
  CHECK(is_unknown_without_survey(check));
}
