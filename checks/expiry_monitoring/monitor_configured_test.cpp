#include <doctest/doctest.h>

#include "tests/support/artefact_stories.h"

namespace rta::checks {
extern const Check expiry_monitoring_monitor_configured;
}

using namespace rta;
using rta::testing::artefact;
using rta::testing::tree_with;
using rta::testing::Verdicts;
using rta::testing::verdicts;

namespace {
const Check& kCheck = checks::expiry_monitoring_monitor_configured;
}

TEST_CASE("an alert on this endpoint's certificate passes") {
  CHECK(verdicts(kCheck, tree_with({artefact(Purpose::expiry_monitoring)})) ==
        Verdicts{{"artefact ops/story", Status::pass}});
}

TEST_CASE("an alert on another target, or one switched off, warns") {
  Artefact other = artefact(Purpose::expiry_monitoring);
  other.covers_target = false;
  CHECK(verdicts(kCheck, tree_with({other})) == Verdicts{{"artefact ops/story", Status::warn}});
  other.covers_target = true;
  other.enabled = false;
  CHECK(verdicts(kCheck, tree_with({other})) == Verdicts{{"artefact ops/story", Status::warn}});
}

TEST_CASE("a schedule for something else is no expiry monitoring") {
  CHECK(verdicts(kCheck, tree_with({artefact(Purpose::rotation)})) ==
        Verdicts{{"deployment", Status::manual}});
}

TEST_CASE("an attestation stands for what is not in the tree, an expired one does not") {
  Evidence evidence = tree_with({});
  evidence.attestations.push_back({.kind = "expiry-monitoring",
                                   .targets = {"*"},
                                   .by = "Ada",
                                   .date = evidence.as_of,
                                   .expires = evidence.as_of});
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"deployment", Status::pass}});
  evidence.as_of += std::chrono::days{2};
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"deployment", Status::manual}});
}

TEST_CASE("without a project nothing is known") {
  CHECK(verdicts(kCheck, rta::testing::story()) == Verdicts{{"deployment", Status::unknown}});
}
