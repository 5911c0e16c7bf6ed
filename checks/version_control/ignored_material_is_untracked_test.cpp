#include "checks/version_control/repository_story.h"

namespace rta::checks {
extern const Check version_control_ignored_material_is_untracked;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::version_control_ignored_material_is_untracked;
}

TEST_CASE("VCS-005: a repository without any passes") {
  CHECK(verdicts(check, repository_story()) == Verdicts{{"repository .", Status::pass}});
}

TEST_CASE("VCS-005: a tracked file that a rule matches fails") {
  Evidence evidence = repository_story();
  evidence.repository.value()->tracked_but_ignored = {
      {"certs/server-key.pem", "*.pem", {".gitignore", 2, 0}}};
  CHECK(verdicts(check, evidence) == Verdicts{{"file certs/server-key.pem", Status::fail}});
  CHECK(findings(check, evidence).at(0).message.contains(".gitignore:2"));
}

TEST_CASE("VCS-005: a tracked certificate that no rule matches is another check's matter") {
  Evidence evidence = repository_story();
  add_hit(evidence, "ca.pem", Material::certificate, {"index"});
  CHECK(verdicts(check, evidence) == Verdicts{{"repository .", Status::pass}});
}

TEST_CASE("VCS-005: no checkout is unknown, and so is a repository that cannot be read") {
  Evidence evidence = story();
  CHECK(verdicts(check, evidence) == Verdicts{{"repository .", Status::unknown}});
  evidence.repository = Gap{GapReason::not_found, "the project has no .git", "use a checkout"};
  CHECK(verdicts(check, evidence) == Verdicts{{"repository .", Status::unknown}});
  evidence.repository = Repository{};
  CHECK(verdicts(check, evidence) == Verdicts{{"repository .", Status::unknown}});
}

TEST_CASE("VCS-005: an unreadable index is unknown, never a pass") {
  Evidence evidence = repository_story();
  evidence.repository.value()->index_read = false;
  CHECK(verdicts(check, evidence) == Verdicts{{"repository .", Status::unknown}});
}
