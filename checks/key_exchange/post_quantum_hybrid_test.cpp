#include <doctest/doctest.h>

#include "tests/support/check_story.h"
#include "tests/support/tls_story.h"

namespace rta::checks {
extern const Check key_exchange_post_quantum_hybrid;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::key_exchange_post_quantum_hybrid;
}  // namespace

TEST_CASE("a hybrid passes, its absence is for information until 2030") {
  TlsSurvey survey = guide_survey();
  const std::vector<Finding> today = findings(check, story_of(survey));
  REQUIRE(today.size() == 1);
  CHECK(today.front().status == Status::warn);
  CHECK(today.front().severity == Severity::info);
  Evidence later = story_of(survey);
  later.as_of = *parse_timestamp("2030-01-01");
  CHECK(findings(check, later).front().severity != Severity::info);
  set_groups(survey, ProtocolVersion::tls1_3, {0x11EC, 0x001D});
  CHECK(told(check, survey) == Status::pass);
}

TEST_CASE("a draft of Kyber is not the standard, and no TLS 1.3 has no hybrid") {
  TlsSurvey survey = guide_survey();
  set_groups(survey, ProtocolVersion::tls1_3, {0x6399, 0x001D});
  CHECK(told(check, survey) == Status::warn);
  refuse(survey, ProtocolVersion::tls1_3);
  CHECK(told(check, survey) == Status::warn);
}

TEST_CASE("an incomplete list of groups is unknown") {
  TlsSurvey survey = guide_survey();
  for (GroupInventory& groups : survey.groups) groups.complete = false;
  CHECK(told(check, survey) == Status::unknown);
}

TEST_CASE("post quantum hybrid: without a survey nothing is said but unknown") {
  CHECK(is_unknown_without_survey(check));
}
