#include "checks/version_control/repository_story.h"

namespace rta::checks {
extern const Check version_control_build_context_excludes_material;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::version_control_build_context_excludes_material;
}

TEST_CASE("VCS-007: a context that leaks warns, one that is filtered passes") {
  Evidence evidence = story();
  evidence.artefacts_collected = true;
  Artefact& artefact = evidence.artefacts.emplace_back();
  artefact.kind = ArtefactKind::dockerfile;
  artefact.purpose = Purpose::build_context;
  artefact.location = {"Dockerfile", 4, 0};
  CHECK(verdicts(check, evidence) == Verdicts{{"artefact Dockerfile", Status::pass}});
  artefact.problems = {"*.key is not in .dockerignore"};
  CHECK(verdicts(check, evidence) == Verdicts{{"artefact Dockerfile", Status::warn}});
}

TEST_CASE("VCS-007: no Dockerfile is not applicable, and not looking is unknown") {
  Evidence evidence = story();
  CHECK(verdicts(check, evidence) == Verdicts{{"deployment", Status::unknown}});
  evidence.artefacts_collected = true;
  CHECK(verdicts(check, evidence) == Verdicts{{"deployment", Status::not_applicable}});
}
