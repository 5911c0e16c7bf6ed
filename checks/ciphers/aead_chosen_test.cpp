#include <doctest/doctest.h>

#include "tests/support/check_story.h"
#include "tests/support/tls_story.h"

namespace rta::checks {
extern const Check ciphers_aead_chosen;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::ciphers_aead_chosen;
}  // namespace

TEST_CASE("the guide's server chooses a forward-secret AEAD suite") {
  CHECK(told(check, guide_survey()) == Status::pass);
}

TEST_CASE("one that is offered and not chosen warns, none at all fails") {
  TlsSurvey survey = hardened_survey();
  accept(survey, ProtocolVersion::tls1_2, {0x002F, 0xC030});
  CHECK(told(check, survey) == Status::warn);
  accept(survey, ProtocolVersion::tls1_2, {0x009C, 0xC013});
  CHECK(told(check, survey) == Status::fail);
}

TEST_CASE("TLS 1.0 beside it does not count, TLS 1.0 alone fails") {
  TlsSurvey survey = hardened_survey();
  accept(survey, ProtocolVersion::tls1_0, {0xC013});
  CHECK(told(check, survey) == Status::pass);
  refuse(survey, ProtocolVersion::tls1_2);
  refuse(survey, ProtocolVersion::tls1_3);
  CHECK(told(check, survey) == Status::fail);
}

TEST_CASE("an unanswered version is unknown") {
  TlsSurvey survey = hardened_survey();
  leave_open(survey, ProtocolVersion::tls1_2);
  CHECK(told(check, survey) == Status::unknown);
}

TEST_CASE("aead chosen: without a survey nothing is said but unknown") {
  CHECK(is_unknown_without_survey(check));
}
