#include <doctest/doctest.h>

#include "tests/support/certificate_story.h"
#include "tests/support/check_story.h"

namespace rta::checks {
extern const Check private_keys_owned_by_service;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& kCheck = checks::private_keys_owned_by_service;

Status of_owner(std::uint32_t uid, const char* name, bool can_log_in,
                FileUse use = FileUse::server_key) {
  Evidence evidence = story();
  evidence.service_uid = 999;
  KeyFile& key = add_key(evidence, "k.pem", use);
  key.file.uid = uid;
  key.file.owner = name;
  key.file.owner_can_log_in = can_log_in;
  return findings(kCheck, evidence).at(0).status;
}

}  // namespace

TEST_CASE("root and the service own keys, people do not") {
  CHECK(of_owner(0, "root", false) == Status::pass);
  CHECK(of_owner(999, "redis", false) == Status::pass);
  CHECK(of_owner(1000, "ada", true) == Status::fail);
  CHECK(of_owner(33, "www-data", false) == Status::fail);
  CHECK(of_owner(4711, "", false) == Status::fail);
}

TEST_CASE("an application's own key may belong to the application's account") {
  CHECK(of_owner(33, "www-data", false, FileUse::consumer_key) == Status::pass);
  CHECK(of_owner(1000, "ada", true, FileUse::consumer_key) == Status::fail);
}

TEST_CASE("a service account is unknown while nobody knows which one is right") {
  Evidence evidence = story();
  KeyFile& key = add_key(evidence, "k.pem");
  key.file.uid = 104;
  key.file.owner = "redis";
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"file k.pem", Status::unknown}});
}

TEST_CASE("no keys") {
  CHECK(verdicts(kCheck, story()) == Verdicts{{"deployment", Status::not_applicable}});
}
