#include <doctest/doctest.h>

#include "tests/support/artefact_stories.h"

namespace rta::checks {
extern const Check rotation_mechanism_scheduled;
}

using namespace rta;
using rta::testing::artefact;
using rta::testing::tree_with;
using rta::testing::Verdicts;
using rta::testing::verdicts;

namespace {
const Check& kCheck = checks::rotation_mechanism_scheduled;
}

TEST_CASE("a timer that renews this certificate passes") {
  CHECK(verdicts(kCheck, tree_with({artefact(Purpose::rotation)})) ==
        Verdicts{{"artefact ops/story", Status::pass}});
}

TEST_CASE("a renewal for something else, or one that is switched off, warns") {
  Artefact other = artefact(Purpose::rotation);
  other.covers_target = false;
  CHECK(verdicts(kCheck, tree_with({other})) == Verdicts{{"artefact ops/story", Status::warn}});
  Artefact off = artefact(Purpose::rotation);
  off.enabled = false;
  CHECK(verdicts(kCheck, tree_with({off})) == Verdicts{{"artefact ops/story", Status::warn}});
}

TEST_CASE("a documented renewal runs nothing") {
  Artefact documented = artefact(Purpose::rotation, ArtefactKind::document);
  documented.test_or_document = true;
  CHECK(verdicts(kCheck, tree_with({documented})) == Verdicts{{"deployment", Status::manual}});
}

TEST_CASE("nothing scheduled is for a person to attest, and no project is unknown") {
  CHECK(verdicts(kCheck, tree_with({})) == Verdicts{{"deployment", Status::manual}});
  CHECK(verdicts(kCheck, rta::testing::story()) == Verdicts{{"deployment", Status::unknown}});
  Evidence attested = tree_with({});
  attested.attestations.push_back({.kind = "rotation",
                                   .targets = {"*"},
                                   .by = "Ada",
                                   .date = attested.as_of,
                                   .expires = attested.as_of});
  CHECK(verdicts(kCheck, attested) == Verdicts{{"deployment", Status::pass}});
}

TEST_CASE("a managed service rotates by itself") {
  Evidence evidence = tree_with({});
  Endpoint& endpoint = evidence.endpoints.emplace_back();
  endpoint.key = "x.cache.amazonaws.com:6379";
  RedisServer server;
  server.provider = "aws-elasticache";
  endpoint.redis = Observation<RedisServer>{server};
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"deployment", Status::not_applicable}});
}
