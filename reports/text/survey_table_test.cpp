#include "reports/text/survey_table.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/tls_story.h"

using namespace rta;
using namespace rta::reports;
using namespace rta::testing;

namespace {

std::string shown(TlsSurvey survey) {
  Evidence evidence = story_of(std::move(survey));
  return survey_table(evidence.endpoints.front(), TextStyle{});
}

bool has_attack(const TlsSurvey& survey, std::string_view name) {
  const std::vector<std::string> all = derived_attacks(survey);
  return std::ranges::any_of(all, [&](const std::string& text) { return text.starts_with(name); });
}

}  // namespace

TEST_CASE("the table shows versions, suites with strength, groups and behaviour") {
  const std::string text = shown(guide_survey());
  for (const std::string_view part :
       {"redis:6379", "TLS 1.0", "refused (alert 70)", "TLS 1.2: 20 suites",
        "ECDHE-RSA-AES256-GCM-SHA384", "weak: no forward secrecy", "RFC 3526 group 16 (4096 bits)",
        "x25519", "the client decides the order"})
    CHECK_MESSAGE(text.find(part) != std::string::npos, part);
}

TEST_CASE("a survey that was not made says why") {
  Evidence evidence = story_of(Gap{GapReason::timed_out, "no answer in time", ""});
  CHECK(survey_table(evidence.endpoints.front(), TextStyle{})
            .find("not surveyed: no answer in time") != std::string::npos);
}

TEST_CASE("attacks follow from the inventory and from nothing else") {
  CHECK(derived_attacks(hardened_survey()).empty());
  CHECK(has_attack(guide_survey(), "ROBOT precondition"));
  CHECK_FALSE(has_attack(guide_survey(), "Lucky13"));
  TlsSurvey survey = guide_survey();
  survey.behaviour.encrypt_then_mac = false;
  CHECK(has_attack(survey, "Lucky13"));
  accept(survey, ProtocolVersion::ssl3, {0x000A, 0x0005, 0x0003, 0x0014});
  for (const std::string_view name : {"SWEET32", "RC4", "FREAK", "LOGJAM", "POODLE", "BEAST"})
    CHECK(has_attack(survey, name));
  accept(survey, ProtocolVersion::ssl2, {});
  CHECK(has_attack(survey, "DROWN"));
}
