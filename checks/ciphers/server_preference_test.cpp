#include <doctest/doctest.h>

#include "tests/support/check_story.h"
#include "tests/support/tls_story.h"

namespace rta::checks {
extern const Check ciphers_server_preference;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::ciphers_server_preference;
}  // namespace

TEST_CASE("the client's order matters where weak suites are offered") {
  CHECK(told(check, guide_survey()) == Status::warn);
  TlsSurvey survey = guide_survey();
  for (SuiteInventory& inventory : survey.suites) inventory.order = OrderBy::server;
  CHECK(told(check, survey) == Status::pass);
}

TEST_CASE("it does not matter where all suites are fine") {
  TlsSurvey survey = hardened_survey();
  for (SuiteInventory& inventory : survey.suites) inventory.order = OrderBy::client;
  CHECK(told(check, survey) == Status::not_applicable);
  cut_short(survey, ProtocolVersion::tls1_2);
  CHECK(told(check, survey) == Status::unknown);
}

TEST_CASE("an order that was not seen is unknown") {
  TlsSurvey survey = guide_survey();
  for (SuiteInventory& inventory : survey.suites) inventory.order = OrderBy::unknown;
  CHECK(told(check, survey) == Status::unknown);
}

TEST_CASE("server preference: without a survey nothing is said but unknown") {
  CHECK(is_unknown_without_survey(check));
}
