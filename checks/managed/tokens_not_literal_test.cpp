#include <doctest/doctest.h>

#include "tests/support/artefact_stories.h"

namespace rta::checks {
extern const Check managed_tokens_not_literal;
}

using namespace rta;
using rta::testing::artefact;
using rta::testing::tree_with;
using rta::testing::Verdicts;
using rta::testing::verdicts;

namespace {
const Check& kCheck = checks::managed_tokens_not_literal;
}

TEST_CASE("a token that is written out fails") {
  CHECK(verdicts(kCheck, tree_with({artefact(Purpose::literal_secret, ArtefactKind::script)})) ==
        Verdicts{{"artefact ops/story", Status::fail}});
}

TEST_CASE("a project without one passes, and no project is unknown") {
  CHECK(verdicts(kCheck, tree_with({artefact(Purpose::managed_service, ArtefactKind::script)})) ==
        Verdicts{{"deployment", Status::pass}});
  CHECK(verdicts(kCheck, rta::testing::story()) == Verdicts{{"deployment", Status::unknown}});
}

TEST_CASE("a token that only the history still holds fails, and a placeholder there does not") {
  Evidence evidence = tree_with({artefact(Purpose::managed_service, ArtefactKind::script)});
  Repository repository;
  repository.is_repository = true;
  MaterialHit& hit = repository.hits.emplace_back();
  hit.path = "ops/create.sh", hit.blob = std::string(40, 'a'), hit.line = 3;
  hit.material = Material::redis_secret, hit.detail = "--auth-token", hit.places = {"history"};
  evidence.repository = repository;
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"file ops/create.sh", Status::fail}});
  evidence.repository.value()->hits[0].placeholder = true;
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"deployment", Status::pass}});
}
