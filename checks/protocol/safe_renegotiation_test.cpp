#include <doctest/doctest.h>

#include "tests/support/check_story.h"
#include "tests/support/tls_story.h"

namespace rta::checks {
extern const Check protocol_safe_renegotiation;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::protocol_safe_renegotiation;
}  // namespace

TEST_CASE("renegotiation that is acknowledged and refused passes") {
  CHECK(told(check, guide_survey()) == Status::pass);
}

TEST_CASE("a missing RFC 5746 fails and a client's renegotiation warns") {
  TlsSurvey survey = guide_survey();
  survey.behaviour.client_renegotiation_accepted = true;
  CHECK(told(check, survey) == Status::warn);
  survey.behaviour.secure_renegotiation = false;
  CHECK(told(check, survey) == Status::fail);
}

TEST_CASE("half an answer is unknown, and TLS 1.3 alone has no renegotiation") {
  TlsSurvey survey = guide_survey();
  survey.behaviour.client_renegotiation_accepted.reset();
  CHECK(told(check, survey) == Status::unknown);
  refuse(survey, ProtocolVersion::tls1_2);
  CHECK(told(check, survey) == Status::not_applicable);
  leave_open(survey, ProtocolVersion::tls1_2);
  CHECK(told(check, survey) == Status::unknown);
}

TEST_CASE("safe renegotiation: without a survey nothing is said but unknown") {
  CHECK(is_unknown_without_survey(check));
}
