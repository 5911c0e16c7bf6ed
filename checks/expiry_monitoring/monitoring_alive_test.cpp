#include <doctest/doctest.h>

#include "tests/support/artefact_stories.h"

namespace rta::checks {
extern const Check expiry_monitoring_monitoring_alive;
}

using namespace rta;
using rta::testing::artefact;
using rta::testing::tree_with;
using rta::testing::Verdicts;
using rta::testing::verdicts;

namespace {
const Check& kCheck = checks::expiry_monitoring_monitoring_alive;
}

namespace {
Evidence last_scan(std::chrono::days ago) {
  Evidence evidence = rta::testing::story();
  evidence.history =
      Observation<std::vector<EarlierScan>>{std::vector{EarlierScan{.when = evidence.as_of - ago}}};
  return evidence;
}
}  // namespace

TEST_CASE("a scan yesterday passes, one last week warns, the first is an information") {
  CHECK(verdicts(kCheck, last_scan(std::chrono::days{1})) ==
        Verdicts{{"deployment", Status::pass}});
  CHECK(verdicts(kCheck, last_scan(std::chrono::days{2})) ==
        Verdicts{{"deployment", Status::pass}});
  CHECK(verdicts(kCheck, last_scan(std::chrono::days{8})) ==
        Verdicts{{"deployment", Status::warn}});
  Evidence first = rta::testing::story();
  first.history = Observation<std::vector<EarlierScan>>{std::vector<EarlierScan>{}};
  const auto told = rta::testing::findings(kCheck, first);
  REQUIRE(told.size() == 1);
  CHECK(told[0].severity == Severity::info);
}

TEST_CASE("without a store nothing is known") {
  CHECK(verdicts(kCheck, rta::testing::story()) == Verdicts{{"deployment", Status::unknown}});
}

TEST_CASE("scans of another target do not watch over this one") {
  Evidence evidence = last_scan(std::chrono::days{1});
  Endpoint& endpoint = evidence.endpoints.emplace_back();
  endpoint.key = "redis:6379";
  const auto told = rta::testing::findings(kCheck, evidence);
  REQUIRE(told.size() == 1);
  CHECK(told[0].severity == Severity::info);
  evidence.history.value()->at(0).endpoint = "redis:6379";
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"endpoint redis:6379", Status::pass}});
}
