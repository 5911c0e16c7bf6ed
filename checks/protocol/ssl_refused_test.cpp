#include <doctest/doctest.h>

#include "tests/support/check_story.h"
#include "tests/support/tls_story.h"

namespace rta::checks {
extern const Check protocol_ssl_refused;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::protocol_ssl_refused;
}  // namespace

TEST_CASE("SSL 3.0 passes when the server refuses it") {
  CHECK(told(check, guide_survey()) == Status::pass);
}

TEST_CASE("SSL 3.0 fails when the server accepts it") {
  TlsSurvey survey = guide_survey();
  accept(survey, ProtocolVersion::ssl3, {0xC013});
  CHECK(told(check, survey) == Status::fail);
  TlsSurvey ssl2 = guide_survey();
  accept(ssl2, ProtocolVersion::ssl2, {});
  CHECK(told(check, ssl2) == Status::fail);
}

TEST_CASE("SSL 3.0 refused with an internal error still passes here") {
  TlsSurvey survey = guide_survey();
  refuse(survey, ProtocolVersion::ssl3, 80);
  CHECK(told(check, survey) == Status::pass);
}

TEST_CASE("SSL 3.0 without a definite answer is unknown") {
  TlsSurvey survey = guide_survey();
  leave_open(survey, ProtocolVersion::ssl3);
  CHECK(told(check, survey) == Status::unknown);
}

TEST_CASE("SSL 3.0 refused by a port that speaks no TLS at all is no pass") {
  TlsSurvey survey;
  refuse(survey, ProtocolVersion::ssl3);
  CHECK(told(check, survey) == Status::unknown);
}

TEST_CASE("ssl refused: without a survey nothing is said but unknown") {
  CHECK(is_unknown_without_survey(check));
}
