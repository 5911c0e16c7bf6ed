#include <doctest/doctest.h>

#include "tests/support/check_story.h"
#include "tests/support/tls_story.h"

namespace rta::checks {
extern const Check ciphers_no_static_key_exchange;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::ciphers_no_static_key_exchange;
}  // namespace

TEST_CASE("the guide's redis.conf leaves six suites without forward secrecy") {
  CHECK(told(check, guide_survey()) == Status::fail);
  CHECK(message_of(check, guide_survey()).starts_with("6 suites without forward secrecy offered"));
  CHECK(told(check, guide_survey(), "development") == Status::warn);
}

TEST_CASE("ECDHE, DHE and TLS 1.3 suites pass") {
  TlsSurvey survey = hardened_survey();
  accept(survey, ProtocolVersion::tls1_2, {0xC030, 0x009F, 0xC014});
  CHECK(told(check, survey) == Status::pass);
}

TEST_CASE("static (EC)DH fails like static RSA") {
  TlsSurvey survey = hardened_survey();
  accept(survey, ProtocolVersion::tls1_2, {0xC030, 0xC02E});
  CHECK(told(check, survey) == Status::fail);
}

TEST_CASE("an incomplete list is unknown") {
  TlsSurvey survey = hardened_survey();
  cut_short(survey, ProtocolVersion::tls1_2);
  CHECK(told(check, survey) == Status::unknown);
}

TEST_CASE("no static key exchange: without a survey nothing is said but unknown") {
  CHECK(is_unknown_without_survey(check));
}
