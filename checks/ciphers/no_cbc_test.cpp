#include <doctest/doctest.h>

#include "tests/support/check_story.h"
#include "tests/support/tls_story.h"

namespace rta::checks {
extern const Check ciphers_no_cbc;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::ciphers_no_cbc;
}  // namespace

TEST_CASE(
    "the guide's redis.conf leaves eight forward-secret CBC suites, which the default profile "
    "dislikes") {
  CHECK(told(check, guide_survey()) == Status::warn);
  CHECK(message_of(check, guide_survey()).starts_with("8 forward-secret suites with CBC"));
  CHECK(told(check, guide_survey(), "mozilla-intermediate") == Status::fail);
  CHECK(told(check, guide_survey(), "nist-800-52r2") == Status::pass);
}

TEST_CASE("static-RSA CBC is another check's business") {
  TlsSurvey survey = hardened_survey();
  accept(survey, ProtocolVersion::tls1_2, {0xC030, 0x002F});
  CHECK(told(check, survey) == Status::pass);
}

TEST_CASE("an incomplete list is unknown") {
  TlsSurvey survey = hardened_survey();
  cut_short(survey, ProtocolVersion::tls1_2);
  CHECK(told(check, survey) == Status::unknown);
}

TEST_CASE("an incomplete list of TLS 1.3 hides no CBC suite, for there is none") {
  TlsSurvey survey = hardened_survey();
  cut_short(survey, ProtocolVersion::tls1_3);
  CHECK(told(check, survey) == Status::pass);
}

TEST_CASE("no cbc: without a survey nothing is said but unknown") {
  CHECK(is_unknown_without_survey(check));
}
