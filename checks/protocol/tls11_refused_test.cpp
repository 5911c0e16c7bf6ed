#include <doctest/doctest.h>

#include "tests/support/check_story.h"
#include "tests/support/tls_story.h"

namespace rta::checks {
extern const Check protocol_tls11_refused;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::protocol_tls11_refused;
}  // namespace

TEST_CASE("TLS 1.1 passes when the server refuses it") {
  CHECK(told(check, guide_survey()) == Status::pass);
}

TEST_CASE("TLS 1.1 fails when the server accepts it") {
  TlsSurvey survey = guide_survey();
  accept(survey, ProtocolVersion::tls1_1, {0xC013});
  CHECK(told(check, survey) == Status::fail);
}

TEST_CASE("TLS 1.1 refused with an internal error still passes here") {
  TlsSurvey survey = guide_survey();
  refuse(survey, ProtocolVersion::tls1_1, 80);
  CHECK(told(check, survey) == Status::pass);
}

TEST_CASE("TLS 1.1 without a definite answer is unknown") {
  TlsSurvey survey = guide_survey();
  leave_open(survey, ProtocolVersion::tls1_1);
  CHECK(told(check, survey) == Status::unknown);
}

TEST_CASE("TLS 1.1 refused by a port that speaks no TLS at all is no pass") {
  TlsSurvey survey;
  refuse(survey, ProtocolVersion::tls1_1);
  CHECK(told(check, survey) == Status::unknown);
}

TEST_CASE("tls11 refused: without a survey nothing is said but unknown") {
  CHECK(is_unknown_without_survey(check));
}
