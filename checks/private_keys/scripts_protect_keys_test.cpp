#include <doctest/doctest.h>

#include "tests/support/certificate_story.h"
#include "tests/support/check_story.h"

namespace rta::checks {
extern const Check private_keys_scripts_protect_keys;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& kCheck = checks::private_keys_scripts_protect_keys;

}  // namespace

TEST_CASE("each unprotected key of a script warns, other artefacts do not") {
  Evidence evidence = story();
  evidence.artefacts_collected = true;
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"deployment", Status::not_applicable}});
  Artefact& artefact = evidence.artefacts.emplace_back();
  artefact.location = {"make-certs.sh", 12, 1};
  artefact.summary = "chmod 600 *.key.pem matches no file that this script makes";
  artefact.purpose = Purpose::rotation;
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"deployment", Status::not_applicable}});
  artefact.purpose = Purpose::unsafe_key_handling;
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"artefact make-certs.sh", Status::warn}});
}

TEST_CASE("scripts that nobody looked at are unknown") {
  CHECK(verdicts(kCheck, story()) == Verdicts{{"deployment", Status::unknown}});
}
