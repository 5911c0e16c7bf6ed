#include "checks/common/settings.h"

#include <doctest/doctest.h>

using namespace rta;
using namespace rta::checks;

namespace {

RedisConfiguration of_service(std::vector<Directive> directives) {
  RedisConfiguration configuration;
  configuration.source = "compose.yaml#redis";
  configuration.service = "redis";
  configuration.directives = std::move(directives);
  configuration.decided_at["port"] = {"compose.yaml", 4, 14};
  return configuration;
}

}  // namespace

TEST_CASE("a setting that stands nowhere is told where it could stand") {
  const Directive command{"port", {"0"}, {"compose.yaml", 4, 14}, true};
  const Directive file{"tls-port", {"6379"}, {"conf/redis.conf", 3, 1}, false};
  CHECK(place_of_setting(of_service({command, file}), "port").text() == "compose.yaml:4:14");
  CHECK(place_of_setting(of_service({file, command}), "timeout").text() == "conf/redis.conf:1:1");
  CHECK(place_of_setting(of_service({command}), "timeout").text() == "compose.yaml:4:14");
  CHECK(place_of_setting(of_service({}), "timeout").path == "compose.yaml");
  RedisConfiguration plain;
  plain.source = "redis.conf";
  plain.directives = {file};
  CHECK(place_of_setting(plain, "timeout").text() == "redis.conf:1:1");
}
