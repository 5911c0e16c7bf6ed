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

// The guide's server, with this answer to a client that renegotiates.
Evidence answered(Answer answer) {
  Evidence evidence = story_of(guide_survey());
  fact_of(evidence, SessionFeature::client_renegotiation, ProtocolVersion::tls1_2).answer = answer;
  return evidence;
}
}  // namespace

TEST_CASE("renegotiation that is acknowledged and refused passes") {
  CHECK(told(check, guide_survey()) == Status::pass);
}

TEST_CASE("a missing RFC 5746 fails and a client's renegotiation warns") {
  TlsSurvey survey = guide_survey();
  CHECK(told(check, answered(Answer::supported)) == Status::warn);
  survey.behaviour.secure_renegotiation = false;
  CHECK(told(check, survey) == Status::fail);
}

TEST_CASE("half an answer is unknown, and TLS 1.3 alone has no renegotiation") {
  TlsSurvey survey = guide_survey();
  CHECK(told(check, answered(Answer::inconclusive)) == Status::unknown);
  refuse(survey, ProtocolVersion::tls1_2);
  CHECK(told(check, survey) == Status::not_applicable);
  leave_open(survey, ProtocolVersion::tls1_2);
  CHECK(told(check, survey) == Status::unknown);
}

TEST_CASE("safe renegotiation: without a survey nothing is said but unknown") {
  CHECK(is_unknown_without_survey(check));
}
