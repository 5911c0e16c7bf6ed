#include <doctest/doctest.h>

#include "tests/support/certificate_story.h"
#include "tests/support/check_story.h"

namespace rta::checks {
extern const Check private_keys_secret_files_private;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& kCheck = checks::private_keys_secret_files_private;

Status of_mode(std::uint32_t mode) {
  Evidence evidence = story();
  FileFacts facts;
  facts.path = "redis.conf";
  facts.mode = mode;
  evidence.secret_files.emplace_back(facts);
  return findings(kCheck, evidence).at(0).status;
}

}  // namespace

TEST_CASE("0640 and stricter pass, group write warns, everybody fails") {
  CHECK(of_mode(0600) == Status::pass);
  CHECK(of_mode(0640) == Status::pass);
  CHECK(of_mode(0660) == Status::warn);
  CHECK(of_mode(0644) == Status::fail);
  CHECK(of_mode(0602) == Status::fail);
}

TEST_CASE("a mode on a shared folder proves nothing, an unseen file is unknown") {
  Evidence evidence = story();
  FileFacts facts;
  facts.path = ".env";
  facts.file_system = "9p";
  evidence.secret_files.emplace_back(facts);
  evidence.secret_files.emplace_back(Gap{GapReason::denied, "permission denied", {}},
                                     Provenance{"key_files", {}, {"redis.conf", 0, 0}, {}, {}});
  CHECK(verdicts(kCheck, evidence) ==
        Verdicts{{"file .env", Status::unknown}, {"file redis.conf", Status::unknown}});
}

TEST_CASE("no secrets are not applicable") {
  CHECK(verdicts(kCheck, story()) == Verdicts{{"deployment", Status::not_applicable}});
}
