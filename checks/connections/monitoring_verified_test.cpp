#include <doctest/doctest.h>

#include "tests/support/artefact_stories.h"

namespace rta::checks {
extern const Check connections_monitoring_verified;
}

using namespace rta;
using rta::testing::artefact;
using rta::testing::tree_with;
using rta::testing::Verdicts;
using rta::testing::verdicts;

namespace {
const Check& kCheck = checks::connections_monitoring_verified;
}

TEST_CASE("a monitor over verified TLS passes and one in plaintext fails") {
  Artefact exporter = artefact(Purpose::connection_monitoring, ArtefactKind::exporter);
  CHECK(verdicts(kCheck, tree_with({exporter})) == Verdicts{{"artefact ops/story", Status::pass}});
  exporter.verified_tls = false;
  CHECK(verdicts(kCheck, tree_with({exporter})) == Verdicts{{"artefact ops/story", Status::fail}});
}

TEST_CASE("a monitor of another endpoint warns") {
  Artefact exporter = artefact(Purpose::connection_monitoring, ArtefactKind::exporter);
  exporter.covers_target = false;
  CHECK(verdicts(kCheck, tree_with({exporter})) == Verdicts{{"artefact ops/story", Status::warn}});
}

TEST_CASE("no monitor is for a person to attest, no project is unknown") {
  CHECK(verdicts(kCheck, tree_with({})) == Verdicts{{"deployment", Status::manual}});
  CHECK(verdicts(kCheck, rta::testing::story()) == Verdicts{{"deployment", Status::unknown}});
}
