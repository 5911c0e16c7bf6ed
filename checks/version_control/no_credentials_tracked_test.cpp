#include "checks/version_control/repository_story.h"

namespace rta::checks {
extern const Check version_control_no_credentials_tracked;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::version_control_no_credentials_tracked;
}

TEST_CASE("VCS-006: a repository without any passes") {
  CHECK(verdicts(check, repository_story()) == Verdicts{{"repository .", Status::pass}});
}

TEST_CASE("VCS-006: a tracked env file with a secret and a tracked requirepass fail") {
  Evidence evidence = repository_story();
  add_hit(evidence, "backend/.env", Material::environment_secret, {"index"}).detail = "JWT_SECRET";
  add_hit(evidence, "redis.conf", Material::redis_secret, {"index"}).detail = "requirepass";
  CHECK(verdicts(check, evidence) ==
        Verdicts{{"file backend/.env", Status::fail}, {"file redis.conf", Status::fail}});
}

TEST_CASE("VCS-006: templates may hold placeholders, and a real value in one warns") {
  Evidence evidence = repository_story();
  MaterialHit& hit = add_hit(evidence, ".env.example", Material::redis_secret, {"index"});
  hit.template_file = true;
  CHECK(verdicts(check, evidence) == Verdicts{{"file .env.example", Status::warn}});
  hit.placeholder = true;
  CHECK(verdicts(check, evidence) == Verdicts{{"repository .", Status::pass}});
  hit.template_file = false;
  CHECK(verdicts(check, evidence) == Verdicts{{"file .env.example", Status::warn}});
}

TEST_CASE("VCS-006: a tracked env file whose changes git hides warns") {
  Evidence evidence = repository_story();
  evidence.repository.value()->hidden_changes = {{".env", "assume-unchanged"}};
  CHECK(verdicts(check, evidence) == Verdicts{{"file .env", Status::warn}});
}

TEST_CASE("VCS-006: an untracked env file and one of the past do not fail here") {
  Evidence evidence = repository_story();
  add_hit(evidence, ".env", Material::redis_secret, {"worktree-ignored"});
  add_hit(evidence, "old.env", Material::redis_secret, {"history"});
  CHECK(verdicts(check, evidence) == Verdicts{{"repository .", Status::pass}});
}

TEST_CASE("VCS-006: no checkout is unknown, and so is a repository that cannot be read") {
  Evidence evidence = story();
  CHECK(verdicts(check, evidence) == Verdicts{{"repository .", Status::unknown}});
  evidence.repository = Gap{GapReason::not_found, "the project has no .git", "use a checkout"};
  CHECK(verdicts(check, evidence) == Verdicts{{"repository .", Status::unknown}});
  evidence.repository = Repository{};
  CHECK(verdicts(check, evidence) == Verdicts{{"repository .", Status::unknown}});
}

TEST_CASE("VCS-006: an unreadable index is unknown, never a pass") {
  Evidence evidence = repository_story();
  evidence.repository.value()->index_read = false;
  CHECK(verdicts(check, evidence) == Verdicts{{"repository .", Status::unknown}});
}

TEST_CASE("VCS-006: an env file goes, another file loses its secret") {
  Evidence evidence = repository_story();
  add_hit(evidence, "backend/.env", Material::environment_secret, {"index"});
  MaterialHit& hit = add_hit(evidence, "compose.yaml", Material::redis_secret, {"index"});
  hit.detail = "requirepass";
  hit.line = 7;
  const auto all = findings(check, evidence);
  REQUIRE(all.size() == 2);
  CHECK(all[0].remediation.starts_with("git rm --cached -- backend/.env\n"));
  CHECK(all[1].remediation.starts_with("take requirepass out of compose.yaml:7"));
}
