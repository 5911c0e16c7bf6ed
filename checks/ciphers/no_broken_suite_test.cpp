#include <doctest/doctest.h>

#include "tests/support/check_story.h"
#include "tests/support/tls_story.h"

namespace rta::checks {
extern const Check ciphers_no_broken_suite;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::ciphers_no_broken_suite;
}  // namespace

TEST_CASE("the guide's suites are weak in places and broken nowhere") {
  CHECK(told(check, guide_survey()) == Status::pass);
}

TEST_CASE("each kind of broken suite fails in every profile, and the message says why") {
  struct Story {
    CipherSuite suite;
    const char* why;
  };
  for (const auto& [suite, why] :
       {Story{0x0002, "no encryption"}, Story{0x00A7, "no authentication"}, Story{0x0008, "export"},
        Story{0x0009, "DES"}, Story{0x000A, "3DES"}, Story{0x0005, "RC4"}, Story{0x0007, "IDEA"},
        Story{0xC0B4, "no encryption"}, Story{0x00A8, "pre-shared key"}, Story{0xC01D, "SRP"}}) {
    TlsSurvey survey = hardened_survey();
    accept(survey, ProtocolVersion::tls1_2, {0xC030, suite});
    CHECK(told(check, survey, "development") == Status::fail);
    CHECK_MESSAGE(message_of(check, survey).find(why) != std::string::npos,
                  message_of(check, survey));
  }
}

TEST_CASE("nothing broken in an incomplete list is unknown; a broken one in it still fails") {
  TlsSurvey survey = guide_survey();
  cut_short(survey, ProtocolVersion::tls1_2);
  CHECK(told(check, survey) == Status::unknown);
  accept(survey, ProtocolVersion::tls1_2, {0x000A});
  cut_short(survey, ProtocolVersion::tls1_2);
  CHECK(told(check, survey) == Status::fail);
  TlsSurvey open = guide_survey();
  leave_open(open, ProtocolVersion::tls1_0);
  CHECK(told(check, open) == Status::unknown);
}

TEST_CASE("no broken suite: without a survey nothing is said but unknown") {
  CHECK(is_unknown_without_survey(check));
}
