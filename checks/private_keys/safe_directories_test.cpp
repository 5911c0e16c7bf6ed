#include <doctest/doctest.h>

#include "tests/support/certificate_story.h"
#include "tests/support/check_story.h"

namespace rta::checks {
extern const Check private_keys_safe_directories;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& kCheck = checks::private_keys_safe_directories;

Status of(DirectoryFacts directory) {
  Evidence evidence = story();
  add_key(evidence, "d/k.pem").file.directories = {std::move(directory)};
  return findings(kCheck, evidence).at(0).status;
}

}  // namespace

TEST_CASE("a directory that everybody writes fails unless it is sticky") {
  CHECK(of({"d", 0755, 0, 0}) == Status::pass);
  CHECK(of({"d", 0777, 0, 0}) == Status::fail);
  CHECK(of({"d", 01777, 0, 0}) == Status::pass);
}

TEST_CASE("a foreign group that writes fails, root's or the owner's own does not") {
  CHECK(of({"d", 0775, 1000, 100}) == Status::fail);
  CHECK(of({"d", 0775, 1000, 1000}) == Status::pass);
  CHECK(of({"d", 0775, 1000, 0}) == Status::pass);
}

TEST_CASE("a directory that everybody lists is a remark beside the pass") {
  Evidence evidence = story();
  add_key(evidence, "d/k.pem").file.directories = {{"d", 0755, 0, 0}};
  const std::vector<Finding> told = findings(kCheck, evidence);
  REQUIRE(told.size() == 2);
  CHECK(told[1].status == Status::warn);
  CHECK(told[1].severity == Severity::info);
}

TEST_CASE("unseen directories and keys are unknown, no keys not applicable") {
  Evidence evidence = story();
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"deployment", Status::not_applicable}});
  add_key(evidence, "k.pem").file.directories.clear();
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"file k.pem", Status::unknown}});
}
