// What the collector learns from real redis-servers.
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <thread>

#include "base/deadline.h"
#include "base/digest.h"
#include "base/text.h"
#include "collect/live/redis_server.h"
#include "redis/scan_commands.h"
#include "tests/support/loopback.h"
#include "tests/support/redis_server.h"

using namespace rta;
using rta::testing::RedisFixture;

namespace {

const char* const kPassword = "canary-4fd1f5a6c2f04b0e9d1c";

Bytes file(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

RedisTarget target_for(const RedisFixture& fixture) {
  RedisTarget target{
      .key = "redis:6379", .address = fixture.tls(), .server_name = fixture.tls().ip};
  target.trusted = {fixture.ca()};
  return target;
}

void give_certificate(RedisTarget& target, const RedisFixture& fixture) {
  target.client_certificate_pem = file(fixture.client_certificate_path());
  const Bytes key = file(fixture.client_key_path());
  target.client_key_pem = std::make_shared<const Secret>(std::string{as_text(key)});
}

void give_password(RedisTarget& target, const std::string& user,
                   const std::string& password = kPassword) {
  target.user = user;
  target.password = std::make_shared<const Secret>(password);
}

RedisServer ask(const RedisTarget& target) {
  net::Engine engine;
  Footprint footprint;
  const Observation<RedisServer> server = ask_redis_server(engine, target, footprint);
  REQUIRE_MESSAGE(server.has_value(), (server.has_value() ? "" : server.gap()->detail));
  CHECK(footprint.commands > 0);
  return *server;
}

std::string user_line(const std::string& name, const std::string& rules) {
  return fmt::format("user {} on #{} {}", name, sha256_hex(std::string_view{kPassword}), rules);
}

void check_everything_was_told(const RedisServer& server) {
  for (const CommandResult& result : server.commands) {
    INFO(result.command, ": ", result.detail);
    CHECK(result.outcome == CommandOutcome::ok);
  }
  CHECK(server.users.has_value());
  CHECK(server.clients.has_value());
  CHECK(server.acl_log.has_value());
  CHECK(server.info_value("redis_version") != nullptr);
  CHECK(server.config_value("tls-port") != nullptr);
}

}  // namespace

TEST_CASE("an open server tells a client that nobody knows everything") {
  if (!RedisFixture::available()) return;
  RedisFixture redis;
  const RedisServer server = ask(target_for(redis));
  CHECK(server.unauthenticated_ping.outcome == CommandOutcome::ok);
  CHECK(server.unauthenticated_info.outcome == CommandOutcome::ok);
  CHECK(server.unauthenticated_config.outcome == CommandOutcome::ok);
  check_everything_was_told(server);
  CHECK(server.users->front().nopass);
  CHECK(server.clients->empty());  // our own connection does not count
  CHECK(*server.config_value("tls-port") == std::to_string(redis.tls().port));
  CHECK(server.config_value("requirepass") == nullptr);
  CHECK(server.role == "master");
  REQUIRE(server.clock_skew_seconds.has_value());
  CHECK(std::abs(*server.clock_skew_seconds) <= 1);
}

TEST_CASE("a password keeps strangers out and opens everything to its owner") {
  if (!RedisFixture::available()) return;
  RedisFixture redis{{.password = kPassword}};
  RedisTarget target = target_for(redis);
  const RedisServer nobody = ask(target);
  CHECK(nobody.unauthenticated_ping.outcome == CommandOutcome::noauth);
  CHECK(nobody.unauthenticated_info.outcome == CommandOutcome::noauth);
  CHECK(nobody.unauthenticated_config.outcome == CommandOutcome::noauth);
  CHECK_FALSE(nobody.users.has_value());
  give_password(target, "");
  const RedisServer known = ask(target);
  CHECK(known.unauthenticated_ping.outcome == CommandOutcome::noauth);
  CHECK(known.credentials_used);
  check_everything_was_told(known);
  CHECK(known.users->front().passwords == 1);
}

TEST_CASE("a wrong password is tried once") {
  if (!RedisFixture::available()) return;
  RedisFixture redis{{.password = kPassword}};
  RedisTarget target = target_for(redis);
  give_password(target, "", "not-the-password");
  const RedisServer server = ask(target);
  CHECK_FALSE(server.credentials_used);
  CHECK(server.users.gap()->reason == GapReason::denied);
  // The server counted one failure.
  give_password(target, "");
  const RedisServer known = ask(target);
  std::uint64_t failures = 0;
  for (const AclLogEntry& entry : *known.acl_log)
    if (entry.reason == "auth") failures += entry.count;
  CHECK(failures == 1);
}

TEST_CASE("a password is not sent to a server that was not verified") {
  if (!RedisFixture::available()) return;
  RedisFixture redis{{.password = kPassword}};
  RedisTarget target = target_for(redis);
  give_password(target, "");
  target.trusted.clear();
  const RedisServer unverified = ask(target);
  CHECK_FALSE(unverified.credentials_used);
  REQUIRE(unverified.users.gap() != nullptr);
  CHECK(unverified.users.gap()->detail.find("no credential was sent") != std::string::npos);
  CHECK(unverified.unauthenticated_ping.outcome == CommandOutcome::noauth);
  target.trusted = {redis.ca()};
  target.server_name = "another.example";
  CHECK_FALSE(ask(target).credentials_used);
  target.auth_unverified = true;  // the operator insists
  CHECK(ask(target).credentials_used);
}

TEST_CASE("the audit user that is printed may send exactly what a scan sends") {
  if (!RedisFixture::available()) return;
  RedisFixture redis{
      {.directives = {"user default off", user_line("auditor", redis::audit_user_rules())}}};
  RedisTarget target = target_for(redis);
  give_password(target, "auditor");
  const RedisServer server = ask(target);
  CHECK(server.authenticated_as == "auditor");
  check_everything_was_told(server);
  CHECK(server.users->size() == 2);
  // Nothing was denied, so nothing stands in the log of denials.
  CHECK(server.acl_log->empty());
}

TEST_CASE("an account with too few rights is told what it may, and each denial is a gap") {
  if (!RedisFixture::available()) return;
  RedisFixture redis{
      {.directives = {"user default off", user_line("narrow", "-@all +ping +info +client|list")}}};
  RedisTarget target = target_for(redis);
  give_password(target, "narrow");
  const RedisServer server = ask(target);
  CHECK(server.clients.has_value());
  CHECK(server.info_value("redis_version") != nullptr);
  CHECK(server.config.empty());
  REQUIRE(server.users.gap() != nullptr);
  CHECK(server.users.gap()->remedy.find("+acl|list") != std::string::npos);
}

TEST_CASE("a server that demands a certificate says so before any command") {
  if (!RedisFixture::available()) return;
  RedisFixture redis{{.auth_clients = "yes"}};
  RedisTarget target = target_for(redis);
  const RedisServer nobody = ask(target);
  CHECK(nobody.client_certificate_demanded);
  CHECK_FALSE(nobody.client_certificate_answer.empty());
  CHECK_FALSE(nobody.users.has_value());
  give_certificate(target, redis);
  const RedisServer known = ask(target);
  CHECK(known.client_certificate_demanded);
  CHECK(known.client_certificate_used);
  check_everything_was_told(known);
}

TEST_CASE("a renamed CONFIG is unknown, and the rest is told") {
  if (!RedisFixture::available()) return;
  RedisFixture redis{{.directives = {"rename-command CONFIG \"\""}}};
  const RedisServer server = ask(target_for(redis));
  CHECK(server.unauthenticated_config.outcome == CommandOutcome::unknown_command);
  CHECK(server.command("CONFIG GET")->outcome == CommandOutcome::unknown_command);
  CHECK(server.clients.has_value());
}

TEST_CASE("a cluster node with a TLS bus, and one without") {
  if (!RedisFixture::available()) return;
  for (const std::string encrypted : {"yes", "no"}) {
    INFO(encrypted);
    const std::string bus = std::to_string(rta::testing::free_address().port);
    RedisFixture redis{
        {.directives = {"cluster-enabled yes", "cluster-port " + bus, "tls-cluster " + encrypted,
                        "cluster-config-file nodes.conf"}}};
    RedisTarget target = target_for(redis);
    target.budget.patience = std::chrono::milliseconds{1500};
    const RedisServer server = ask(target);
    CHECK(*server.info_value("cluster_enabled") == "1");
    REQUIRE(server.cluster_nodes.has_value());
    CHECK(server.cluster_nodes->size() == 1);
    CHECK((server.cluster_bus.has_value() && *server.cluster_bus == "TLS") == (encrypted == "yes"));
  }
}

TEST_CASE("a replica over TLS is seen on the TLS port of its primary") {
  if (!RedisFixture::available()) return;
  RedisFixture primary{{.directives = {"repl-diskless-sync-delay 0"}}};
  RedisFixture replica{
      {.directives = {"tls-replication yes", "tls-ca-cert-file " + primary.ca_path(),
                      fmt::format("replicaof {} {}", primary.tls().ip, primary.tls().port)}}};
  const Deadline deadline = Deadline::after(std::chrono::seconds{20});
  while (!replica.log().contains("MASTER <-> REPLICA sync: Finished with success")) {
    if (deadline.passed()) FAIL("the replica did not come up: ", replica.log());
    std::this_thread::sleep_for(std::chrono::milliseconds{5});  // readiness, not luck
  }
  const RedisServer copy = ask(target_for(replica));
  CHECK(copy.role == "slave");
  CHECK(copy.master_host == primary.tls().ip);
  CHECK(copy.master_port == primary.tls().port);
  const RedisServer original = ask(target_for(primary));
  CHECK(original.role == "master");
  REQUIRE(original.replicas.size() == 1);
  CHECK(original.replicas.front().local_port == primary.tls().port);
}

TEST_CASE("a server in plaintext is asked without its password") {
  if (!RedisFixture::available()) return;
  RedisFixture redis{{.tls = false}};
  RedisTarget target{.key = "redis:6379",
                     .address = redis.plaintext(),
                     .server_name = "redis",
                     .speaks_tls = false};
  check_everything_was_told(ask(target));
  give_password(target, "");
  const RedisServer server = ask(target);
  CHECK(server.unauthenticated_ping.outcome == CommandOutcome::ok);
  CHECK_FALSE(server.credentials_used);
  CHECK_FALSE(server.users.has_value());
}

TEST_CASE("a closed port is a gap with its reason") {
  RedisTarget target{
      .key = "redis:6379", .address = rta::testing::free_address(), .server_name = "redis"};
  net::Engine engine;
  Footprint footprint;
  const Observation<RedisServer> server = ask_redis_server(engine, target, footprint);
  REQUIRE(server.gap() != nullptr);
  CHECK(server.gap()->reason == GapReason::refused);
}
