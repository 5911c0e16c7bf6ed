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

TEST_CASE("VCS-004: names of the future and env files without a secret warn; with a secret fails") {
  Evidence evidence = repository_story();
  ask(evidence, "x.p12", false, false);
  ask(evidence, "x.jks", false, false);
  ask(evidence, "backend/.env", false, true);
  CHECK(verdicts(check, evidence) ==
        Verdicts{{"file backend/.env", Status::warn}, {"repository .", Status::warn}});
  CHECK(findings(check, evidence).back().remediation == "add to .gitignore:\n*.p12\n*.jks");
  evidence.repository.value()->ignore.back().holds_secret = true;
  CHECK(verdicts(check, evidence) ==
        Verdicts{{"file backend/.env", Status::fail}, {"repository .", Status::warn}});
}

TEST_CASE("VCS-004: a .gitignore that is not committed fails, a nested one warns") {
  Evidence evidence = repository_story();
  ask(evidence, "certs/server.pem", true, true).rules_tracked = false;
  ask(evidence, "x.pem", true, false).rules_tracked = false;
  CHECK(verdicts(check, evidence) == Verdicts{{"file .gitignore", Status::fail}});
  for (IgnoreVerdict& verdict : evidence.repository.value()->ignore)
    verdict.pattern_at.path = "certs/.gitignore";
  CHECK(verdicts(check, evidence) == Verdicts{{"file certs/.gitignore", Status::warn}});
}

TEST_CASE("VCS-004: a fresh line of a tracked .gitignore warns while only tried names need it") {
  Evidence evidence = repository_story();
  ask(evidence, "certs/server.pem", true, true);
  ask(evidence, "x.p12", true, false).rules_tracked = false;
  CHECK(verdicts(check, evidence) == Verdicts{{"file .gitignore", Status::warn}});
  evidence.repository.value()->ignore.back().referenced = true;
  CHECK(verdicts(check, evidence) == Verdicts{{"file .gitignore", Status::fail}});
}

TEST_CASE("VCS-004: a negation that opens a key's path fails and shows both lines") {
  Evidence evidence = repository_story();
  IgnoreVerdict& verdict = ask(evidence, "certs/server.pem", false, true);
  verdict.pattern = "!certs/server.pem", verdict.pattern_at = {".gitignore", 7, 0};
  verdict.reopened_pattern = "*.pem", verdict.reopened_at = {".gitignore", 2, 0};
  CHECK(verdicts(check, evidence) == Verdicts{{"file certs/server.pem", Status::fail}});
  const Finding finding = findings(check, evidence).at(0);
  CHECK(finding.message.contains(".gitignore:7"));
  CHECK(finding.message.contains(".gitignore:2"));
}

TEST_CASE("VCS-004: a file whose name escapes by its case warns when nothing refers to it") {
  Evidence evidence = repository_story();
  IgnoreVerdict& verdict = ask(evidence, "certs/CA.PEM", false, false);
  verdict.exists = true, verdict.other_case_ignored = true;
  CHECK(verdicts(check, evidence) == Verdicts{{"file certs/CA.PEM", Status::warn}});
  CHECK(findings(check, evidence).at(0).message.contains("case counts"));
}

TEST_CASE("VCS-004: an unreadable index is unknown, never a pass") {
  Evidence evidence = repository_story();
  ask(evidence, "certs/server.pem", true, true);
  evidence.repository.value()->index_read = false;
  CHECK(verdicts(check, evidence) == Verdicts{{"repository .", Status::unknown}});
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

TEST_CASE("VCS-004: the remedy works for odd names, unended files and lines that open again") {
  Evidence evidence = repository_story();
  ask(evidence, "certs/a [1].pem ", false, true);
  CHECK(findings(check, evidence).at(0).remediation ==
        "printf '\\n%s\\n' '/certs/a \\[1].pem\\ ' >> .gitignore");
  IgnoreVerdict& verdict = evidence.repository.value()->ignore.back();
  verdict.pattern = "!*.pem", verdict.pattern_at = {"certs/.gitignore", 3, 1};
  CHECK(findings(check, evidence).at(0).remediation ==
        "delete the line !*.pem (certs/.gitignore:3:1)");
}
