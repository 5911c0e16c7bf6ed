#include "checks/version_control/repository_story.h"

namespace rta::checks {
extern const Check version_control_no_private_key_tracked;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::version_control_no_private_key_tracked;
}

TEST_CASE("VCS-001: a repository without any passes") {
  CHECK(verdicts(check, repository_story()) == Verdicts{{"repository .", Status::pass}});
}

TEST_CASE("VCS-001: every kind of tracked key fails, by its file") {
  for (const Material material :
       {Material::private_key, Material::private_key_encrypted, Material::private_key_openssh,
        Material::pkcs12, Material::java_keystore, Material::private_key_probable}) {
    Evidence evidence = repository_story();
    add_hit(evidence, "certs/k.pem", material, {"branch:main", "index"});
    CHECK(verdicts(check, evidence) == Verdicts{{"file certs/k.pem", Status::fail}});
  }
}

TEST_CASE(
    "VCS-001: a key that is ignored in the work tree, one of the past and a certificate do not "
    "fail") {
  Evidence evidence = repository_story();
  add_hit(evidence, "certs/k.pem", Material::private_key, {"worktree-ignored"});
  add_hit(evidence, "old.pem", Material::private_key, {"history"});
  add_hit(evidence, "ca.pem", Material::certificate, {"index"});
  CHECK(verdicts(check, evidence) == Verdicts{{"repository .", Status::pass}});
}

TEST_CASE("VCS-001: no checkout is unknown, and so is a repository that cannot be read") {
  Evidence evidence = story();
  CHECK(verdicts(check, evidence) == Verdicts{{"repository .", Status::unknown}});
  evidence.repository = Gap{GapReason::not_found, "the project has no .git", "use a checkout"};
  CHECK(verdicts(check, evidence) == Verdicts{{"repository .", Status::unknown}});
  evidence.repository = Repository{};
  CHECK(verdicts(check, evidence) == Verdicts{{"repository .", Status::unknown}});
}

TEST_CASE("VCS-001: an unreadable index is unknown, never a pass") {
  Evidence evidence = repository_story();
  evidence.repository.value()->index_read = false;
  CHECK(verdicts(check, evidence) == Verdicts{{"repository .", Status::unknown}});
}
