#include <doctest/doctest.h>

#include "tests/support/artefact_stories.h"

namespace rta::checks {
extern const Check managed_encryption_declared;
}

using namespace rta;
using rta::testing::artefact;
using rta::testing::tree_with;
using rta::testing::Verdicts;
using rta::testing::verdicts;

namespace {
const Check& kCheck = checks::managed_encryption_declared;
}

namespace {
Artefact service(std::vector<std::string> problems) {
  Artefact service = artefact(Purpose::managed_service, ArtefactKind::terraform);
  service.problems = std::move(problems);
  return service;
}
}  // namespace

TEST_CASE("missing encryption fails, missing logs warn, everything declared passes") {
  CHECK(verdicts(kCheck, tree_with({service({"warn: a", "fail: b"})})) ==
        Verdicts{{"artefact ops/story", Status::fail}});
  CHECK(verdicts(kCheck, tree_with({service({"warn: a"})})) ==
        Verdicts{{"artefact ops/story", Status::warn}});
  CHECK(verdicts(kCheck, tree_with({service({})})) ==
        Verdicts{{"artefact ops/story", Status::pass}});
}

TEST_CASE("without a managed service there is nothing to declare") {
  CHECK(verdicts(kCheck, tree_with({})) == Verdicts{{"deployment", Status::not_applicable}});
  CHECK(verdicts(kCheck, rta::testing::story()) == Verdicts{{"deployment", Status::unknown}});
}
