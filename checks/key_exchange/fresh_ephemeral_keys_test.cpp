#include <doctest/doctest.h>

#include "tests/support/check_story.h"
#include "tests/support/tls_story.h"

namespace rta::checks {
extern const Check key_exchange_fresh_ephemeral_keys;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::key_exchange_fresh_ephemeral_keys;
}  // namespace

TEST_CASE("new keys pass, a repeated key fails") {
  TlsSurvey survey = guide_survey();
  CHECK(told(check, survey) == Status::pass);
  survey.behaviour.ephemeral_key_reused = true;
  CHECK(told(check, survey) == Status::fail);
}

TEST_CASE("too few keys are unknown, and static key exchange has none") {
  TlsSurvey survey = guide_survey();
  survey.behaviour.ephemeral_key_reused.reset();
  CHECK(told(check, survey) == Status::unknown);
  accept(survey, ProtocolVersion::tls1_2, {0x009C});
  refuse(survey, ProtocolVersion::tls1_3);
  CHECK(told(check, survey) == Status::not_applicable);
}

TEST_CASE("fresh ephemeral keys: without a survey nothing is said but unknown") {
  CHECK(is_unknown_without_survey(check));
}
