#include "tests/support/check_story.h"
#include "tests/support/redis_story.h"

namespace rta::checks {
extern const Check access_unauthenticated_refused;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& check = checks::access_unauthenticated_refused;

Verdicts told(const RedisServer& server) {
  Evidence evidence = story();
  add_endpoint(evidence, server);
  return verdicts(check, evidence);
}

Verdicts endpoint(Status status) { return {{"endpoint redis:6379", status}}; }

}  // namespace

TEST_CASE("a server that refuses everything to nobody passes") {
  CHECK(told(hardened_server()) == endpoint(Status::pass));
}

TEST_CASE("a PONG alone is already unauthenticated access") {
  CHECK(told(open_server()) == endpoint(Status::fail));
  RedisServer only_ping = hardened_server();
  only_ping.unauthenticated_ping = outcome("PING", CommandOutcome::ok, "+PONG");
  CHECK(told(only_ping) == endpoint(Status::fail));
}

TEST_CASE("a renamed CONFIG is refused to everyone and does not spoil the pass") {
  RedisServer server = hardened_server();
  server.unauthenticated_config = outcome("CONFIG GET", CommandOutcome::unknown_command);
  CHECK(told(server) == endpoint(Status::pass));
}

TEST_CASE("a handshake that demands a certificate passes, although no command was sent") {
  RedisServer server;
  server.client_certificate_demanded = true;
  server.client_certificate_answer = "alert 116 certificate required";
  CHECK(told(server) == endpoint(Status::pass));
}

TEST_CASE("protected mode keeps only remote clients out") {
  RedisServer server;
  server.unauthenticated_ping =
      outcome("PING", CommandOutcome::denied, "DENIED Redis is running in protected mode");
  CHECK(told(server) == endpoint(Status::warn));
}

TEST_CASE("no answer is unknown, after the first command as well") {
  RedisServer server = hardened_server();
  server.unauthenticated_info = outcome("INFO", CommandOutcome::no_answer);
  CHECK(told(server) == endpoint(Status::unknown));
  CHECK(told(RedisServer{}) == endpoint(Status::unknown));
  Evidence silent = story();
  add_silent_endpoint(silent);
  CHECK(verdicts(check, silent) == endpoint(Status::unknown));
}

TEST_CASE("development tolerates an open server on loopback only") {
  Evidence evidence = story();
  add_endpoint(evidence, open_server()).address = "127.0.0.1:6379";
  CHECK(verdicts(check, evidence, profile("development")) == endpoint(Status::warn));
  CHECK(verdicts(check, evidence) == endpoint(Status::fail));
  evidence.endpoints.front().address = "10.0.0.1:6379";
  CHECK(verdicts(check, evidence, profile("development")) == endpoint(Status::fail));
}

TEST_CASE("a configuration is judged by its default user and its demand for certificates") {
  Evidence evidence = story();
  RedisConfiguration& conf = add_configuration(evidence);
  CHECK(verdicts(check, evidence) == Verdicts{{"file redis.conf", Status::fail}});
  conf.effective["tls-auth-clients"] = "yes";
  CHECK(verdicts(check, evidence) == Verdicts{{"file redis.conf", Status::pass}});
  // Certificates protect nothing beside an open plaintext port.
  conf.effective["port"] = "6380";
  CHECK(verdicts(check, evidence) == Verdicts{{"file redis.conf", Status::fail}});
  conf.default_user_open = false;
  conf.password_set = true;
  CHECK(verdicts(check, evidence) == Verdicts{{"file redis.conf", Status::pass}});
  conf.refused = "Bad directive";
  CHECK(verdicts(check, evidence) == Verdicts{{"file redis.conf", Status::unknown}});
}
