#include <doctest/doctest.h>

#include "tests/support/artefact_stories.h"

namespace rta::checks {
extern const Check expiry_monitoring_threshold_leaves_time;
}

using namespace rta;
using rta::testing::artefact;
using rta::testing::tree_with;
using rta::testing::Verdicts;
using rta::testing::verdicts;

namespace {
const Check& kCheck = checks::expiry_monitoring_threshold_leaves_time;
}

namespace {
Artefact rule(std::optional<int> days) {
  Artefact rule = artefact(Purpose::expiry_monitoring, ArtefactKind::prometheus_rule);
  rule.threshold_days = days;
  return rule;
}
}  // namespace

TEST_CASE(
    "an alert three weeks ahead passes, one the day before warns, an unreadable one is unknown") {
  CHECK(verdicts(kCheck, tree_with({rule(21)})) == Verdicts{{"artefact ops/story", Status::pass}});
  CHECK(verdicts(kCheck, tree_with({rule(14)})) == Verdicts{{"artefact ops/story", Status::pass}});
  CHECK(verdicts(kCheck, tree_with({rule(1)})) == Verdicts{{"artefact ops/story", Status::warn}});
  CHECK(verdicts(kCheck, tree_with({rule({})})) ==
        Verdicts{{"artefact ops/story", Status::unknown}});
}

TEST_CASE("without a rule there is no threshold") {
  CHECK(verdicts(kCheck, tree_with({artefact(Purpose::expiry_monitoring)})) ==
        Verdicts{{"deployment", Status::not_applicable}});
}
