#include "checks/version_control/repository_story.h"

namespace rta::checks {
extern const Check version_control_ignore_rules_cover_material;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::version_control_ignore_rules_cover_material;
}

namespace {

IgnoreVerdict& ask(Evidence& evidence, std::string path, bool ignored, bool referenced) {
  IgnoreVerdict& verdict = evidence.repository.value()->ignore.emplace_back();
  verdict.path = std::move(path);
  verdict.why = referenced ? "named by redis.conf:5" : "a name that was only tried";
  verdict.ignored = ignored;
  verdict.referenced = referenced;
  verdict.rules_tracked = ignored;
  if (ignored) verdict.pattern = "*.pem", verdict.pattern_at = {".gitignore", 2, 0};
  return verdict;
}

}  // namespace

TEST_CASE("VCS-004: everything ignored passes") {
  Evidence evidence = repository_story();
  ask(evidence, "certs/server.pem", true, true);
  ask(evidence, "x.p12", true, false);
  CHECK(verdicts(check, evidence) == Verdicts{{"repository .", Status::pass}});
}

TEST_CASE(
    "VCS-004: a referenced path that is not ignored fails, also when only this clone ignores it") {
  Evidence evidence = repository_story();
  ask(evidence, "certs/server.pem", false, true);
  ask(evidence, "certs/ca.pem", false, true).ignored_locally_only = true;
  CHECK(verdicts(check, evidence) ==
        Verdicts{{"file certs/ca.pem", Status::fail}, {"file certs/server.pem", Status::fail}});
}

TEST_CASE(
    "VCS-004: names of the future and env files without a secret warn; with a secret they fail") {
  Evidence evidence = repository_story();
  ask(evidence, "x.p12", false, false);
  IgnoreVerdict& environment = ask(evidence, "backend/.env", false, true);
  CHECK(verdicts(check, evidence) ==
        Verdicts{{"file backend/.env", Status::warn}, {"file x.p12", Status::warn}});
  environment.holds_secret = true;
  CHECK(verdicts(check, evidence) ==
        Verdicts{{"file backend/.env", Status::fail}, {"file x.p12", Status::warn}});
}

TEST_CASE("VCS-004: rules that are not tracked themselves warn") {
  Evidence evidence = repository_story();
  ask(evidence, "certs/server.pem", true, true).rules_tracked = false;
  CHECK(verdicts(check, evidence) == Verdicts{{"file certs/server.pem", Status::warn}});
}

TEST_CASE("VCS-004: rules that nobody asked are unknown") {
  CHECK(verdicts(check, repository_story()) == Verdicts{{"repository .", Status::unknown}});
}

TEST_CASE("VCS-004: no checkout is unknown, and so is a repository that cannot be read") {
  Evidence evidence = story();
  CHECK(verdicts(check, evidence) == Verdicts{{"repository .", Status::unknown}});
  evidence.repository = Gap{GapReason::not_found, "the project has no .git", "use a checkout"};
  CHECK(verdicts(check, evidence) == Verdicts{{"repository .", Status::unknown}});
  evidence.repository = Repository{};
  CHECK(verdicts(check, evidence) == Verdicts{{"repository .", Status::unknown}});
}
