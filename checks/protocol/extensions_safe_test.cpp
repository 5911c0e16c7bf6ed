#include <doctest/doctest.h>

#include "tests/support/check_story.h"
#include "tests/support/tls_story.h"

namespace rta::checks {
extern const Check protocol_extensions_safe;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::protocol_extensions_safe;

Evidence early_data(Answer answer) {
  Evidence evidence = story_of(guide_survey());
  fact_of(evidence, SessionFeature::early_data, ProtocolVersion::tls1_3).answer = answer;
  return evidence;
}
}  // namespace

TEST_CASE("a server with nothing dangerous passes") {
  CHECK(told(check, guide_survey()) == Status::pass);
  CHECK(told(check, hardened_survey()) == Status::pass);
}

TEST_CASE("compression and early data fail") {
  TlsSurvey survey = guide_survey();
  survey.behaviour.compression_accepted = true;
  CHECK(told(check, survey) == Status::fail);
  CHECK(told(check, early_data(Answer::supported)) == Status::fail);
}

TEST_CASE("heartbeat, no extended master secret and no encrypt-then-MAC warn") {
  TlsSurvey survey = guide_survey();
  survey.behaviour.heartbeat = true;
  CHECK(told(check, survey) == Status::warn);
  survey = guide_survey();
  survey.behaviour.extended_master_secret = false;
  CHECK(told(check, survey) == Status::warn);
  survey = guide_survey();
  survey.behaviour.encrypt_then_mac = false;
  CHECK(told(check, survey) == Status::warn);
}

TEST_CASE("what was not answered is unknown") {
  TlsSurvey survey = guide_survey();
  CHECK(told(check, early_data(Answer::inconclusive)) == Status::unknown);
  survey.behaviour.compression_accepted.reset();
  CHECK(told(check, survey) == Status::unknown);
}

TEST_CASE("extensions safe: without a survey nothing is said but unknown") {
  CHECK(is_unknown_without_survey(check));
}
