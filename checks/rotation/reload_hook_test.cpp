#include <doctest/doctest.h>

#include "tests/support/artefact_stories.h"

namespace rta::checks {
extern const Check rotation_reload_hook;
}

using namespace rta;
using rta::testing::artefact;
using rta::testing::tree_with;
using rta::testing::Verdicts;
using rta::testing::verdicts;

namespace {
const Check& kCheck = checks::rotation_reload_hook;
}

TEST_CASE("a renewal with a reload in the same job passes, one without warns") {
  CHECK(verdicts(kCheck, tree_with({artefact(Purpose::rotation), artefact(Purpose::reload)})) ==
        Verdicts{{"artefact ops/story", Status::pass}});
  CHECK(verdicts(kCheck, tree_with({artefact(Purpose::rotation)})) ==
        Verdicts{{"artefact ops/story", Status::warn}});
}

TEST_CASE("a reload in another file does not belong to the renewal") {
  Artefact elsewhere = artefact(Purpose::reload);
  elsewhere.location.path = "ops/other";
  CHECK(verdicts(kCheck, tree_with({artefact(Purpose::rotation), elsewhere})) ==
        Verdicts{{"artefact ops/story", Status::warn}});
}

TEST_CASE("without a renewal there is nothing to hook into") {
  CHECK(verdicts(kCheck, tree_with({})) == Verdicts{{"deployment", Status::not_applicable}});
  CHECK(verdicts(kCheck, rta::testing::story()) == Verdicts{{"deployment", Status::unknown}});
}
