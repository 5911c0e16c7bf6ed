#include <doctest/doctest.h>

#include "tests/support/check_story.h"
#include "tests/support/redis_story.h"

namespace rta::checks {
extern const Check redis_conf_tls_listener_only;
}

using namespace rta;
using rta::testing::Verdicts;

namespace {

Verdicts told(const std::map<std::string, std::string>& effective) {
  Evidence evidence = rta::testing::story();
  RedisConfiguration& conf = evidence.redis_configurations.emplace_back();
  conf.source = "redis.conf";
  conf.effective = effective;
  return rta::testing::verdicts(checks::redis_conf_tls_listener_only, evidence);
}

}  // namespace

TEST_CASE("a configuration passes with a TLS port and the plaintext port closed") {
  CHECK(told({{"tls-port", "6379"}, {"port", "0"}}) == Verdicts{{"file redis.conf", Status::pass}});
}

TEST_CASE("a plaintext port beside TLS fails, and so does no TLS port at all") {
  CHECK(told({{"tls-port", "6380"}, {"port", "6379"}}) == Verdicts{{"file redis.conf", Status::fail}});
  CHECK(told({{"tls-port", "0"}, {"port", "6379"}}) == Verdicts{{"file redis.conf", Status::fail}});
}

TEST_CASE("a plaintext port on loopback fails under hipaa and warns in development") {
  Evidence evidence = rta::testing::story();
  RedisConfiguration& conf = evidence.redis_configurations.emplace_back();
  conf.source = "redis.conf";
  conf.effective = {{"tls-port", "6380"}, {"port", "6379"}, {"bind", "127.0.0.1 -::1"}};
  const Check& check = checks::redis_conf_tls_listener_only;
  CHECK(rta::testing::verdicts(check, evidence) == Verdicts{{"file redis.conf", Status::fail}});
  CHECK(rta::testing::verdicts(check, evidence, rta::testing::profile("development")) ==
        Verdicts{{"file redis.conf", Status::warn}});
}

TEST_CASE("a server without TLS support fails and a silent one is unknown") {
  Evidence evidence = rta::testing::story();
  Endpoint& endpoint = evidence.endpoints.emplace_back();
  endpoint.key = "redis:6379";
  const Check& check = checks::redis_conf_tls_listener_only;
  CHECK(rta::testing::verdicts(check, evidence) ==
        Verdicts{{"endpoint redis:6379", Status::unknown}});
  RedisServer server;
  server.config_unknown = {"tls-port"};
  endpoint.redis = Observation<RedisServer>{server};
  CHECK(rta::testing::verdicts(check, evidence) == Verdicts{{"endpoint redis:6379", Status::fail}});
}

TEST_CASE("no configuration anywhere is unknown, never a pass") {
  CHECK(rta::testing::verdicts(checks::redis_conf_tls_listener_only, rta::testing::story()) ==
        Verdicts{{"deployment", Status::unknown}});
}

TEST_CASE("a sentinel has no CONFIG: the one port that INFO tells decides, when it is the one that was dialled") {
  Evidence evidence = rta::testing::story();
  RedisServer server;
  server.role = "sentinel";
  server.info = {{"redis_mode", "sentinel"}, {"tcp_port", "6379"}};
  Endpoint& endpoint = rta::testing::add_endpoint(evidence, server);
  endpoint.port = 6379;
  endpoint.port_answer = PortAnswer{.speech = PortSpeech::tls};
  const Check& check = checks::redis_conf_tls_listener_only;
  CHECK(rta::testing::verdicts(check, evidence) == Verdicts{{"endpoint redis:6379", Status::pass}});
  endpoint.redis.value()->info["tcp_port"] = "26379";  // `port` is open, and tls-port beside it
  const std::vector<Finding> told = rta::testing::findings(check, evidence);
  CHECK(told.at(0).status == Status::unknown);
  CHECK(told.at(0).remediation.contains("sentinel.conf"));
}

TEST_CASE("a managed service that took CONFIG away is judged on the wire, any other server is not") {
  Evidence evidence = rta::testing::story();
  RedisServer server = rta::testing::hardened_server();
  server.config.clear();
  server.commands[1] = rta::testing::outcome("CONFIG GET", CommandOutcome::unknown_command);
  Endpoint& endpoint = rta::testing::add_endpoint(evidence, server);
  const Check& check = checks::redis_conf_tls_listener_only;
  CHECK(rta::testing::findings(check, evidence).at(0).status == Status::unknown);
  endpoint.host = "x.abc.euw1.cache.amazonaws.com";
  CHECK(rta::testing::findings(check, evidence).at(0).status == Status::not_applicable);
}
