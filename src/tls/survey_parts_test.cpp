#include "tls/survey_parts.h"

#include <doctest/doctest.h>

#include "tls/completeness.h"
#include "tls/test_server.h"

using namespace rta;
using namespace rta::tls;
using namespace rta::tls::testing;

TEST_CASE("a part brings with it what it rests on") {
  const auto versions = parse_survey_parts("versions");
  REQUIRE(versions.has_value());
  CHECK_FALSE(versions->suites);
  CHECK_FALSE(versions->sessions);
  const auto groups = parse_survey_parts("versions, groups");
  REQUIRE(groups.has_value());
  CHECK(groups->suites);
  CHECK(groups->groups);
  CHECK_FALSE(groups->behaviour);
  const auto behaviour = parse_survey_parts("behaviour");
  REQUIRE(behaviour.has_value());
  CHECK(behaviour->groups);
  CHECK_FALSE(behaviour->certificates);
  CHECK_FALSE(behaviour->everything());
  CHECK(parse_survey_parts("behaviour,certificates,sessions")->everything());
}

TEST_CASE("a part that does not exist is named, and the others are listed") {
  for (const std::string_view list : {"", "suite", "versions,", "versions suites"}) {
    const auto parts = parse_survey_parts(list);
    REQUIRE_FALSE(parts.has_value());
    CHECK(parts.error().text().find("sessions") != std::string::npos);
  }
}

TEST_CASE("versions and suites alone leave groups and signatures not asked, never refused") {
  Server server = modern();
  SurveyOptions options;
  options.parts = *parse_survey_parts("versions,suites");
  const TlsSurvey survey = surveyed(server, options);
  CHECK(survey.suites_of(ProtocolVersion::tls1_2)->complete);
  CHECK(survey.suites_of(ProtocolVersion::tls1_3)->complete);
  for (const ProtocolVersion version : {ProtocolVersion::tls1_2, ProtocolVersion::tls1_3}) {
    REQUIRE(survey.groups_of(version) != nullptr);
    CHECK_FALSE(survey.groups_of(version)->complete);
    CHECK(survey.groups_of(version)->incomplete_reason == kNotAskedFor);
    CHECK(survey.groups_of(version)->refused.empty());
    CHECK(survey.signatures_of(version)->incomplete_reason == kNotAskedFor);
  }
  CHECK_FALSE(survey.behaviour.compression_accepted.has_value());
  CHECK(why_open(survey).empty());
}

TEST_CASE("versions alone take one accepted suite of each, and say that the others are open") {
  Server server = modern();
  Server again = modern();
  SurveyOptions options;
  options.parts = *parse_survey_parts("versions");
  const TlsSurvey survey = surveyed(server, options);
  surveyed(again);
  CHECK(server.connections < again.connections / 2);
  CHECK(survey.version(ProtocolVersion::tls1_2)->answer == Answer::supported);
  CHECK(survey.version(ProtocolVersion::tls1_3)->answer == Answer::supported);
  CHECK(survey.version(ProtocolVersion::tls1_0)->answer == Answer::not_supported);
  const SuiteInventory* suites = survey.suites_of(ProtocolVersion::tls1_2);
  REQUIRE(suites != nullptr);
  CHECK(suites->accepted.size() == 1);
  CHECK_FALSE(suites->complete);
  CHECK(suites->incomplete_reason == kNotAskedFor);
  CHECK(why_open(survey).empty());
}
