// Real servers seen over a bad network.
#include <doctest/doctest.h>

#include "net/port_probe.h"
#include "net/tls_session.h"
#include "tests/support/fault_proxy.h"
#include "tests/support/redis_server.h"

using namespace rta;
using namespace rta::net;
using namespace rta::testing;
using namespace std::chrono_literals;

TEST_CASE("single bytes and delays change nothing but the time") {
  if (!RedisFixture::available()) return;
  RedisFixture redis;
  FaultProxy proxy{redis.tls(), {.delay_milliseconds = 1, .fragment = 7}};
  Engine engine;
  Footprint footprint;
  const auto answer = classify_port(engine, proxy.address(), {}, footprint);
  REQUIRE(answer.has_value());
  CHECK(answer->speech == PortSpeech::tls);
  const SessionResult seen = run_session(
      engine, proxy.address(), {.server_name = "redis", .trusted = {redis.ca()}}, nullptr, {});
  CHECK(seen.handshake_completed);
  CHECK(seen.chain_verified);
}

TEST_CASE("a handshake that is cut anywhere never counts as completed, and never as refused") {
  if (!RedisFixture::available()) return;
  RedisFixture redis;
  Engine engine;
  for (const std::size_t cut : {0U, 1U, 5U, 60U, 127U, 400U, 900U}) {
    for (const bool by_reset : {true, false}) {
      Faults faults;
      (by_reset ? faults.reset_after : faults.close_after) = cut;
      FaultProxy proxy{redis.tls(), faults};
      const SessionResult seen =
          run_session(engine, proxy.address(), {.server_name = "redis"}, nullptr, {.patience = 2s});
      INFO("cut after ", cut, by_reset ? " by reset" : " by close");
      CHECK_FALSE(seen.handshake_completed);
      CHECK(seen.reached == SessionStage::tls);
      CHECK(seen.end == (by_reset ? ConnectionEnd::reset : ConnectionEnd::closed));
      CHECK_FALSE(seen.alert);
    }
  }
}
