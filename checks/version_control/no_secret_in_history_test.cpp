#include "checks/version_control/repository_story.h"

namespace rta::checks {
extern const Check version_control_no_secret_in_history;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::version_control_no_secret_in_history;
}

TEST_CASE("VCS-002: a repository without any passes") {
  CHECK(verdicts(check, repository_story()) == Verdicts{{"repository .", Status::pass}});
}

TEST_CASE("VCS-002: a key or a Redis credential in any shared place fails") {
  for (const char* place :
       {"history", "branch:main", "tag:v1", "remote:origin/main", "stash", "notes"}) {
    Evidence evidence = repository_story();
    add_hit(evidence, "k.pem", Material::private_key, {place});
    add_hit(evidence, "redis.conf", Material::redis_secret, {place});
    CHECK(verdicts(check, evidence) ==
          Verdicts{{"file k.pem", Status::fail}, {"file redis.conf", Status::fail}});
  }
}

TEST_CASE("VCS-002: a key whose certificate is in use is critical") {
  Evidence evidence = repository_story();
  add_hit(evidence, "k.pem", Material::private_key, {"history"}).pairs_with_local_key = true;
  CHECK(findings(check, evidence).at(0).severity == Severity::critical);
  evidence.repository.value()->hits[0].pairs_with_local_key = false;
  CHECK(findings(check, evidence).at(0).severity == Severity::high);
}

TEST_CASE("VCS-002: what only this clone still has warns") {
  Evidence evidence = repository_story();
  add_hit(evidence, "", Material::private_key, {"unreachable"});
  add_hit(evidence, "k.pem", Material::private_key, {"reflog"});
  CHECK(verdicts(check, evidence) ==
        Verdicts{{"file k.pem", Status::warn}, {"repository .", Status::warn}});
}

TEST_CASE("VCS-002: work tree files, placeholders, other secrets and certificates do not fail") {
  Evidence evidence = repository_story();
  add_hit(evidence, "k.pem", Material::private_key, {"worktree-untracked"});
  add_hit(evidence, "staged.pem", Material::private_key, {"index"});
  add_hit(evidence, ".env", Material::redis_secret, {"history"}).placeholder = true;
  add_hit(evidence, ".env", Material::environment_secret, {"history"});
  add_hit(evidence, "ca.pem", Material::certificate, {"history"});
  CHECK(verdicts(check, evidence) == Verdicts{{"repository .", Status::pass}});
}

TEST_CASE("VCS-002: an incomplete history is unknown, and what was found in it still fails") {
  Evidence evidence = repository_story();
  evidence.repository.value()->history_complete = false;
  evidence.repository.value()->gaps.push_back(
      {GapReason::incomplete, "this is a shallow clone", "fetch-depth: 0"});
  CHECK(verdicts(check, evidence) == Verdicts{{"repository .", Status::unknown}});
  CHECK(findings(check, evidence).at(0).remediation == "fetch-depth: 0");
  add_hit(evidence, "k.pem", Material::private_key, {"branch:main"});
  CHECK(verdicts(check, evidence) ==
        Verdicts{{"file k.pem", Status::fail}, {"repository .", Status::unknown}});
}

TEST_CASE("VCS-002: no checkout is unknown, and so is a repository that cannot be read") {
  Evidence evidence = story();
  CHECK(verdicts(check, evidence) == Verdicts{{"repository .", Status::unknown}});
  evidence.repository = Gap{GapReason::not_found, "the project has no .git", "use a checkout"};
  CHECK(verdicts(check, evidence) == Verdicts{{"repository .", Status::unknown}});
  evidence.repository = Repository{};
  CHECK(verdicts(check, evidence) == Verdicts{{"repository .", Status::unknown}});
}

TEST_CASE("VCS-002: the remedy fits the place") {
  const auto remedy = [](std::vector<std::string> places) {
    Evidence evidence = repository_story();
    add_hit(evidence, "a b.pem", Material::private_key, std::move(places));
    return findings(check, evidence).at(0).remediation;
  };
  CHECK(remedy({"branch:main"}).ends_with("git filter-repo --invert-paths --path 'a b.pem'"));
  CHECK(remedy({"stash", "reflog"}).starts_with("git stash list"));
  CHECK(remedy({"reflog"}).starts_with("git reflog expire"));
  CHECK(remedy({"submodule"}).contains("submodule's own history"));
}
