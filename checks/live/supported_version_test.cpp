#include "tests/support/check_story.h"
#include "tests/support/redis_story.h"

namespace rta::checks {
extern const Check live_supported_version;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& check = checks::live_supported_version;

Status told(const std::map<std::string, std::string>& info) {
  Evidence evidence = story();
  RedisServer server = hardened_server();
  server.info = info;
  add_endpoint(evidence, server);
  return findings(check, evidence).front().status;
}

Status redis(const std::string& version) { return told({{"redis_version", version}}); }

}  // namespace

TEST_CASE("a supported line with its fixes passes, one patch earlier fails") {
  CHECK(redis("7.2.11") == Status::pass);
  CHECK(redis("7.2.10") == Status::fail);
  CHECK(told({{"redis_version", "7.2.4"}, {"valkey_version", "8.1.4"}}) == Status::pass);
  CHECK(told({{"redis_version", "7.2.4"}, {"valkey_version", "8.1.3"}}) == Status::fail);
}

TEST_CASE(
    "a line that upstream has ended warns while a distribution may patch it, and fails otherwise") {
  CHECK(redis("7.0.15") == Status::warn);
  CHECK(redis("5.0.14") == Status::fail);
  CHECK(redis("4.0.9") == Status::fail);
}

TEST_CASE("what the table does not know is unknown") {
  CHECK(redis("99.0.0") == Status::unknown);
  CHECK(redis("unstable") == Status::unknown);
  CHECK(told({}) == Status::unknown);
  CHECK(told({{"redis_version", "7.4.0"}, {"dragonfly_version", "df-1"}}) == Status::unknown);
}
