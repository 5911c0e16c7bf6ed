#include "tests/support/check_story.h"
#include "tests/support/redis_story.h"

namespace rta::checks {
extern const Check live_audit_visibility;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& check = checks::live_audit_visibility;

Finding told(RedisServer server, const std::string& host = "redis") {
  Evidence evidence = story();
  add_endpoint(evidence, std::move(server)).host = host;
  return findings(check, evidence).front();
}

}  // namespace

TEST_CASE("an account that may send everything passes") {
  CHECK(told(hardened_server()).status == Status::pass);
}

TEST_CASE("one denied command warns, names it and prints the audit user") {
  RedisServer server = hardened_server();
  server.commands.erase(server.commands.begin() + 2);
  server.commands.push_back(outcome("ACL LIST", CommandOutcome::noperm));
  const Finding finding = told(server);
  CHECK(finding.status == Status::warn);
  CHECK(finding.message.find("ACL LIST (noperm)") != std::string::npos);
  CHECK(finding.remediation.starts_with("ACL SETUSER auditor on"));
  CHECK(finding.remediation.find("-@all +ping") != std::string::npos);
}

TEST_CASE("an account that was told nothing is unknown") {
  RedisServer server;
  server.commands = {outcome("INFO", CommandOutcome::not_sent)};
  CHECK(told(server).status == Status::unknown);
}

TEST_CASE("what a provider does not offer is nobody's mistake") {
  RedisServer server = hardened_server();
  server.commands.erase(server.commands.begin() + 1);
  CHECK(told(server, "x.abc.euw1.cache.amazonaws.com").status == Status::not_applicable);
}

TEST_CASE("the page shows the same audit user as the finding") {
  RedisServer server = hardened_server();
  server.commands[2] = outcome("ACL LIST", CommandOutcome::noperm);
  const Finding finding = told(server);
  CHECK(entry_of(check).page.find(finding.remediation) != std::string_view::npos);
}

TEST_CASE("an audit that was not let in says why, and not that it lacks rights") {
  RedisServer server;
  server.users = Gap{GapReason::denied, "the server sent alert 45 certificate expired",
                     "give a client certificate that the server accepts, with --cert and --key"};
  const Finding finding = told(server);
  CHECK(finding.status == Status::unknown);
  CHECK(finding.message.contains("alert 45"));
  CHECK(finding.remediation.contains("--cert"));
}

TEST_CASE("renamed and loading servers are not healed by an ACL rule") {
  RedisServer server = hardened_server();
  server.authenticated_as.clear();  // ACL WHOAMI is renamed too
  server.commands[1] = outcome("CONFIG GET", CommandOutcome::unknown_command);
  Finding finding = told(server);
  CHECK(finding.message.starts_with("the audit account was not told"));
  CHECK_FALSE(finding.remediation.contains("ACL SETUSER"));
  server.commands[1] = outcome("CONFIG GET", CommandOutcome::loading);
  CHECK(told(server).remediation.contains("when the server has loaded"));
}

TEST_CASE("a provider that was not even asked withholds nothing") {
  RedisServer server;
  server.users = Gap{GapReason::denied, "the server asks for a password and none was given", ""};
  const Finding finding = told(server, "x.abc.euw1.cache.amazonaws.com");
  CHECK(finding.status == Status::unknown);
  CHECK(finding.message.contains("password"));
}
