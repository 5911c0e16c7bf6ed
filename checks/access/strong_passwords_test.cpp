#include "tests/support/check_story.h"
#include "tests/support/redis_story.h"

namespace rta::checks {
extern const Check access_strong_passwords;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& check = checks::access_strong_passwords;

Status told(SecretFacts secret, const std::string& profile_name = "hipaa") {
  Evidence evidence = story();
  Consumer& consumer = add_consumer(evidence, "backend", "backend");
  Setting setting{.name = "REDIS_PASSWORD", .is_secret = true, .secret = std::move(secret)};
  consumer.password = setting;
  consumer.settings.push_back(setting);
  return findings(check, evidence, profile(profile_name)).front().status;
}

}  // namespace

TEST_CASE("a generated password passes, a placeholder, a short and a simple one fail") {
  CHECK(told({"secret#1", false, false, 64, 256}) == Status::pass);
  CHECK(told({"secret#1", true, false, 20, 80}) == Status::fail);
  CHECK(told({"secret#1", false, false, 15, 80}) == Status::fail);
  CHECK(told({"secret#1", false, false, 20, 40}) == Status::fail);
}

TEST_CASE("a password that the checkout does not hold is not judged") {
  CHECK(told({"secret#1", false, true, 24, 0}) == Status::unknown);
}

TEST_CASE("PCI asks for twelve characters") {
  CHECK(told({"secret#1", false, false, 15, 80}, "pci-dss-4") == Status::pass);
}

TEST_CASE("a hash that matches a known password fails by its user's name") {
  Evidence evidence = story();
  RedisServer server = hardened_server();
  Endpoint& endpoint = add_endpoint(evidence, server);
  CHECK(verdicts(check, evidence) == Verdicts{{"endpoint redis:6379", Status::pass}});
  endpoint.redis.value()->users.value()->back().placeholder_password = true;
  CHECK(verdicts(check, evidence) == Verdicts{{"user redis:6379#backend", Status::fail}});
  endpoint.redis.value()->users = Gap{GapReason::denied, "NOPERM", ""};
  CHECK(verdicts(check, evidence) == Verdicts{{"endpoint redis:6379", Status::unknown}});
}

TEST_CASE("where no password is given there is none to judge") {
  Evidence evidence = story();
  add_consumer(evidence, "backend");
  CHECK(verdicts(check, evidence) == Verdicts{{"deployment", Status::not_applicable}});
  add_configuration(evidence);
  CHECK(verdicts(check, evidence) == Verdicts{{"file redis.conf", Status::not_applicable}});
}
