#include "tests/support/check_story.h"
#include "tests/support/redis_story.h"

namespace rta::checks {
extern const Check live_supported_version;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& check = checks::live_supported_version;

Status told(const std::map<std::string, std::string>& info, std::chrono::days later = {}) {
  Evidence evidence = story();
  evidence.as_of += later;
  RedisServer server = hardened_server();
  server.info = info;
  add_endpoint(evidence, server);
  return findings(check, evidence).front().status;
}

Status redis(const std::string& version) { return told({{"redis_version", version}}); }
Status valkey(const std::string& version) {
  return told({{"redis_version", "7.2.4"}, {"valkey_version", version}});
}

}  // namespace

TEST_CASE("the newest security release of a line passes, one with a critical flaw fails") {
  CHECK(redis("7.2.16") == Status::pass);
  CHECK(redis("7.2.15") == Status::fail);  // CVE-2026-81934
  CHECK(redis("8.10.2") == Status::pass);
  CHECK(redis("8.10.0") == Status::fail);
  CHECK(valkey("9.1.3") == Status::pass);
  CHECK(valkey("9.1.1") == Status::fail);
  CHECK(valkey("8.1.8") == Status::fail);
}

TEST_CASE("fixes that are not critical and not yet installed warn") {
  CHECK(redis("8.2.9") == Status::warn);
  CHECK(valkey("7.2.11") == Status::warn);
}

TEST_CASE("an audit long after the table's date proves no pass by it") {
  const std::map<std::string, std::string> newest{{"redis_version", "7.2.16"}};
  CHECK(told(newest, std::chrono::days{150}) == Status::pass);
  CHECK(told(newest, std::chrono::days{200}) == Status::warn);
  CHECK(told({{"redis_version", "7.2.3"}}, std::chrono::days{200}) == Status::fail);
}

TEST_CASE(
    "a line that upstream has ended warns while a distribution may patch it, and fails otherwise") {
  CHECK(redis("7.0.15") == Status::warn);
  CHECK(redis("7.0.11") == Status::fail);   // no distribution ships it
  CHECK(redis("8.0.2") == Status::warn);
  CHECK(valkey("8.1.1") == Status::warn);   // a living line, and a version that Debian patches
  CHECK(redis("5.0.14") == Status::fail);
  CHECK(redis("4.0.9") == Status::fail);
}

TEST_CASE("what the table does not know is unknown") {
  CHECK(redis("99.0.0") == Status::unknown);
  CHECK(redis("unstable") == Status::unknown);
  CHECK(told({}) == Status::unknown);
  CHECK(told({{"redis_version", "7.4.0"}, {"dragonfly_version", "df-1"}}) == Status::unknown);
}
