#include "tests/support/check_story.h"
#include "tests/support/redis_story.h"

namespace rta::checks {
extern const Check connections_clients_on_tls_listener;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& check = checks::connections_clients_on_tls_listener;

ClientEntry client(std::uint16_t port, std::string flags = "N") {
  return {.laddr = "10.0.0.1:" + std::to_string(port),
          .local_port = port,
          .flags = std::move(flags),
          .user = "app"};
}

Verdicts told(std::vector<ClientEntry> clients, const std::string& tls_port = "6379") {
  Evidence evidence = story();
  RedisServer server = hardened_server();
  server.clients = std::move(clients);
  server.config["tls-port"] = tls_port;
  add_endpoint(evidence, server);
  return verdicts(check, evidence);
}

}  // namespace

TEST_CASE("all clients on the TLS port pass, and so does nobody") {
  CHECK(told({client(6379), client(6379)}) == Verdicts{{"endpoint redis:6379", Status::pass}});
  CHECK(told({}) == Verdicts{{"endpoint redis:6379", Status::pass}});
}

TEST_CASE("a session on another port fails, also one that survived port 0") {
  CHECK(told({client(6379), client(6380), client(6380)}) ==
        Verdicts{{"client redis:6379#listener 6380", Status::fail}});
}

TEST_CASE("unix sockets, replicas and master links are the business of other checks") {
  ClientEntry local{.laddr = "/run/redis.sock:0", .flags = "U"};
  CHECK(told({client(6379), local, client(7001, "S"), client(7001, "M")}) ==
        Verdicts{{"endpoint redis:6379", Status::pass}});
}

TEST_CASE("a server without a TLS listener has its clients in plaintext") {
  CHECK(told({}, "0") == Verdicts{{"endpoint redis:6379", Status::fail}});
  CHECK(told({client(6379)}, "0") == Verdicts{{"client redis:6379#listener 6379", Status::fail}});
}

TEST_CASE("without laddr, with a cut list or without a list nothing is proven") {
  CHECK(told({client(6379), ClientEntry{.flags = "N"}}) ==
        Verdicts{{"endpoint redis:6379", Status::unknown}});
  Evidence evidence = story();
  RedisServer& server = *add_endpoint(evidence, hardened_server()).redis.value();
  server.clients_truncated = true;
  CHECK(verdicts(check, evidence) == Verdicts{{"endpoint redis:6379", Status::unknown}});
  server.clients_truncated = false;
  server.config.erase("tls-port");
  CHECK(verdicts(check, evidence) == Verdicts{{"endpoint redis:6379", Status::unknown}});
  server.clients = Gap{GapReason::denied, "NOPERM", ""};
  CHECK(verdicts(check, evidence) == Verdicts{{"endpoint redis:6379", Status::unknown}});
}
