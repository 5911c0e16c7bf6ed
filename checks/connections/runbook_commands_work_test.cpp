#include <doctest/doctest.h>

#include "tests/support/artefact_stories.h"

namespace rta::checks {
extern const Check connections_runbook_commands_work;
}

using namespace rta;
using rta::testing::artefact;
using rta::testing::tree_with;
using rta::testing::Verdicts;
using rta::testing::verdicts;

namespace {
const Check& kCheck = checks::connections_runbook_commands_work;
}

TEST_CASE("a documented command that proves nothing warns, with its place") {
  Artefact defect = artefact(Purpose::runbook_defect, ArtefactKind::document);
  defect.test_or_document = true;
  const auto told = rta::testing::findings(kCheck, tree_with({defect}));
  REQUIRE(told.size() == 1);
  CHECK(told[0].status == Status::warn);
  CHECK(told[0].source.location.text() == "ops/story:3:1");
}

TEST_CASE("a project without such commands passes, and no project is unknown") {
  CHECK(verdicts(kCheck, tree_with({artefact(Purpose::rotation)})) ==
        Verdicts{{"deployment", Status::pass}});
  CHECK(verdicts(kCheck, rta::testing::story()) == Verdicts{{"deployment", Status::unknown}});
}
