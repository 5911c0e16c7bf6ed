#include <doctest/doctest.h>

#include "tests/support/certificate_story.h"
#include "tests/support/check_story.h"

namespace rta::checks {
extern const Check private_keys_storage_medium;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& kCheck = checks::private_keys_storage_medium;

}  // namespace

TEST_CASE("media that make modes up or lie elsewhere warn") {
  Evidence evidence = story();
  add_key(evidence, "a.pem").file.file_system = "vfat";
  add_key(evidence, "b.pem").file.file_system = "nfs";
  add_key(evidence, "c.pem").file.file_system = "ext4";
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"deployment", Status::manual},
                                               {"file a.pem", Status::warn},
                                               {"file b.pem", Status::warn}});
}

TEST_CASE("encryption of the volume is attested, and only while the statement holds") {
  Evidence evidence = story();
  add_key(evidence, "k.pem");
  Attestation statement;
  statement.kind = "volume-encryption";
  statement.targets = {"*"};
  statement.by = "Ada";
  statement.date = story_time() - std::chrono::days{10};
  statement.expires = story_time() + std::chrono::days{1};
  evidence.attestations = {statement};
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"deployment", Status::pass}});
  evidence.attestations[0].expires = story_time() - std::chrono::days{1};
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"deployment", Status::manual}});
}

TEST_CASE("unseen keys are unknown, no keys not applicable") {
  Evidence evidence = story();
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"deployment", Status::not_applicable}});
  add_key_gap(evidence, "k.pem", GapReason::denied);
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"file k.pem", Status::unknown}});
}
