// What must hold for a compliance tool: whatever it meets, its verdict is true,
// its message says why, nothing is green that was not seen, and it ends.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/program/run_program.h"
#include "tests/support/bad_peer.h"
#include "tests/support/loopback.h"
#include "tests/support/pki.h"
#include "tests/support/redis_server.h"

using namespace rta::testing;
using nlohmann::json;

namespace {

constexpr const char* kPassword = "a long password of this test 7301";

struct Scan {
  Run run;
  json report;
};

// A scan that writes its JSON report beside the text.
Scan scan(std::vector<std::string> arguments, const RunOptions& options = {}) {
  const TemporaryDirectory files;
  if (options.as_nobody) files.chmod(".", 0777);
  arguments.insert(arguments.begin(), "scan");
  arguments.insert(arguments.end(), {"-o", "text", "-o", "json=" + (files / "report.json")});
  Scan done{run_program(arguments, options), {}};
  REQUIRE_MESSAGE((done.run.exit_code == 1 || done.run.exit_code == 3), done.run.errors);
  done.report = read_report(files / "report.json");
  return done;
}

// Items that are green; nothing may be where nothing was seen.
std::string green(const json& report) {
  std::string items;
  for (const auto& row : report["checklist"])
    if (row["verdict"] == "pass") items += row["item"].get<std::string>() + " ";
  return items;
}

std::string gate(const json& report) { return report["gate"]["outcome"]; }
std::string where(const rta::net::Address& address) { return "rediss://" + address.text(); }

}  // namespace

TEST_CASE("a port that answers plaintext fails item 1 and names it") {
  if (!RedisFixture::available()) return;
  const RedisFixture redis{{.tls = false}};
  const Scan done = scan({"-t", where(redis.plaintext())});
  CHECK(done.run.exit_code == 1);
  CHECK(verdict_of(done.report, "1") == "fail");
  CHECK(status_of(done.report, "RTA-PLAIN-001") == "fail");
  CHECK(status_of(done.report, "RTA-TLS-001") == "fail");
  CHECK(findings_of(done.report, "RTA-PLAIN-001").contains("plaintext"));
  // Refusing a version means nothing where nothing is encrypted.
  CHECK(status_of(done.report, "RTA-TLS-003") != "pass");
  CHECK(green(done.report).empty());
}

TEST_CASE("a closed port is not determined, and says that the connection was refused") {
  const Scan done = scan({"-t", where(free_address())});
  CHECK(done.run.exit_code == 3);
  CHECK(gate(done.report) == "incomplete");
  CHECK(done.run.output.contains("the connection was refused"));
  CHECK(status_of(done.report, "RTA-TLS-001") == "unknown");
  CHECK(status_of(done.report, "RTA-PLAIN-001") == "unknown");
  CHECK(green(done.report).empty());
}

TEST_CASE("a silent port is not determined, ends at its deadline, and says so") {
  const BadPeer peer{Manner::silent};
  const Scan done = scan({"-t", where(peer.address()), "--timeout", "2"});
  CHECK(done.run.exit_code == 3);
  CHECK(status_of(done.report, "RTA-TLS-001") == "unknown");
  CHECK(status_of(done.report, "RTA-PLAIN-001") == "unknown");
  CHECK(findings_of(done.report, "RTA-TLS-001").contains("answer"));
  CHECK(green(done.report).empty());
}

TEST_CASE("peers that misbehave are neither green nor a crash") {
  for (const Manner manner :
       {Manner::closing, Manner::resetting, Manner::garbage, Manner::endless_nul,
        Manner::endless_handshake, Manner::drip, Manner::ssh, Manner::http, Manner::alert_flood}) {
    const BadPeer peer{manner};
    const Scan done = scan({"-t", where(peer.address()), "--timeout", "2"});
    CAPTURE(static_cast<int>(manner));
    CHECK(done.run.exit_code != 0);
    CHECK(verdict_of(done.report, "1") != "pass");
    CHECK(green(done.report).empty());
  }
}

TEST_CASE("a server that demands a client certificate: without one, what it hides is unknown") {
  if (!RedisFixture::available()) return;
  const RedisFixture redis{{.auth_clients = "yes"}};
  const Scan done = scan({"-t", where(redis.tls()), "--aggressive"});
  CHECK(gate(done.report) != "pass");
  CHECK(status_of(done.report, "RTA-TLS-001") == "pass");
  CHECK(status_of(done.report, "RTA-AUTH-001") == "pass");
  CHECK(status_of(done.report, "RTA-AUTH-007") == "pass");
  for (const char* hidden : {"RTA-CONN-001", "RTA-AUTH-003", "RTA-LIVE-003"}) {
    CHECK_MESSAGE(status_of(done.report, hidden) == "unknown", hidden);
    CHECK_MESSAGE(findings_of(done.report, hidden).contains("client certificate"), hidden);
  }
  CHECK(done.run.output.contains("--cert and --key"));
}

TEST_CASE("a server that demands a client certificate: with it, what it hid is known") {
  if (!RedisFixture::available()) return;
  const RedisFixture redis{{.auth_clients = "yes"}};
  const Scan done = scan({"-t", where(redis.tls()), "--aggressive", "--cacert", redis.ca_path(), "--cert",
                          redis.client_certificate_path(), "--key", redis.client_key_path()});
  CHECK(status_of(done.report, "RTA-AUTH-001") == "pass");
  CHECK(status_of(done.report, "RTA-CONN-001") == "pass");
  CHECK(status_of(done.report, "RTA-AUTH-003") == "fail");  // its default user has no password
  CHECK(status_of(done.report, "RTA-LIVE-003") != "unknown");
}

TEST_CASE("a server with a password that nobody gave: closed to everyone, unknown inside") {
  if (!RedisFixture::available()) return;
  const RedisFixture redis{{.password = kPassword}};
  const Scan done = scan({"-t", where(redis.tls()), "--aggressive"});
  CHECK(status_of(done.report, "RTA-AUTH-001") == "pass");
  CHECK(status_of(done.report, "RTA-CONN-001") == "unknown");
  CHECK(findings_of(done.report, "RTA-CONN-001").contains("asks for a password and none was given"));
  CHECK(done.run.output.contains("--user and --password-file"));
  CHECK(gate(done.report) != "pass");
}

TEST_CASE("a wrong password is tried once, told, and makes nothing green") {
  if (!RedisFixture::available()) return;
  const RedisFixture redis{{.password = kPassword}};
  const TemporaryDirectory files;
  const std::string wrong = files.write("password", "not that one\n", 0600);
  const Scan done = scan({"-t", where(redis.tls()), "--aggressive", "--cacert", redis.ca_path(),
                          "--password-file", wrong});
  CHECK(status_of(done.report, "RTA-CONN-001") == "unknown");
  CHECK(findings_of(done.report, "RTA-CONN-001").contains("WRONGPASS"));
  CHECK(gate(done.report) != "pass");
  CHECK_FALSE(done.run.output.contains("not that one"));
}

TEST_CASE("the right password goes only to a server that was verified") {
  if (!RedisFixture::available()) return;
  const RedisFixture redis{{.password = kPassword}};
  const TemporaryDirectory files;
  const std::string right = files.write("password", std::string{kPassword} + "\n", 0600);
  const Scan known = scan({"-t", where(redis.tls()), "--aggressive", "--cacert", redis.ca_path(),
                           "--password-file", right});
  CHECK(status_of(known.report, "RTA-CONN-001") == "pass");
  const Scan unverified = scan({"-t", where(redis.tls()), "--aggressive", "--password-file", right});
  CHECK(status_of(unverified.report, "RTA-CONN-001") == "unknown");
  CHECK(findings_of(unverified.report, "RTA-CONN-001").contains("no credential was sent"));
}

TEST_CASE("a project without any of the files is not determined in all items") {
  const TemporaryDirectory project;
  const Scan done = scan({project.path()});
  CHECK(done.run.exit_code == 3);
  for (const auto& row : done.report["checklist"]) CHECK(row["verdict"] == "unknown");
  CHECK(done.run.output.contains("RESULT incomplete items=13 pass=0"));
}

TEST_CASE("a directory that does not exist is wrong usage, told in one line") {
  const Run run = run_program({"scan", "/nonexistent/project"});
  CHECK(run.exit_code == 2);
  CHECK(run.output.empty());
  CHECK(std::ranges::count(run.errors, '\n') == 1);
  CHECK(run.errors.contains("/nonexistent/project"));
}

TEST_CASE("a key that the audit may not read is told, and its mode is judged all the same") {
  if (!can_become_nobody()) return;
  const TemporaryDirectory project;
  project.chmod(".", 0755);
  project.write("redis.conf", "port 0\ntls-port 6379\ntls-cert-file tls/redis.crt\n"
                              "tls-key-file tls/redis.key\ntls-auth-clients no\n");
  project.write("tls/redis.key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", 0600);
  const Scan done = scan({project.path(), "--offline"}, {.as_nobody = true});
  CHECK(findings_of(done.report, "RTA-KEY-001").contains("tls/redis.key"));
  CHECK(verdict_of(done.report, "8") == "unknown");
  CHECK(findings_of(done.report, "RTA-KEY-005").contains("unknown tls/redis.key"));
}

TEST_CASE("a scan that evaluated nothing exits 3") {
  const TemporaryDirectory project;
  const Run offline = run_program({"scan", project.path(), "--offline"});
  CHECK(offline.exit_code == 3);
  CHECK(offline.output.contains("complete=false exit=3"));
  const std::string nothing =
      project.write("nothing.json", R"({"schema":"redis-tls-audit/evidence","version":"1.0"})");
  CHECK(run_program({"evaluate", nothing}).exit_code == 3);
}

TEST_CASE("the project as it ought to be, with the statements of a person, is compliant") {
  if (!RedisFixture::available()) return;
  const TemporaryDirectory files;
  const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  std::string statements;
  for (const char* kind :
       {"expiry-monitoring", "rotation", "tls-monitoring", "audit-logging", "audit-review"})
    statements += fmt::format(
        "[[attestation]]\nkind = \"{}\"\ntargets = [\"*\"]\nstatement = \"It is so\"\nby = \"Ada\"\n"
        "role = \"Officer\"\ndate = \"{}\"\nexpires = \"{}\"\n",
        kind, rta::to_date(today), rta::to_date(today + std::chrono::days{30}));
  const Run run = run_program({"demo", "--hardened", "--aggressive", "--attestations",
                               files.write("statements.toml", statements), "-o",
                               "json=" + (files / "report.json")});
  CHECK(run.exit_code == 0);
  const json report = read_report(files / "report.json");
  CHECK(gate(report) == "pass");
  CHECK(verdict_of(report, "4") == "pass");
  CHECK(verdict_of(report, "12") == "warn");  // nothing collects ACL LOG
  // Two months later the statements have expired.
  const Run later = run_program({"demo", "--hardened", "--aggressive", "--attestations",
                                 files / "statements.toml", "--now",
                                 rta::to_date(today + std::chrono::days{60}), "-o",
                                 "json=" + (files / "later.json")});
  CHECK(later.exit_code != 0);
  CHECK(verdict_of(read_report(files / "later.json"), "4") == "manual");
}

TEST_CASE("on the server's own host, the files that it names are read where the operator allows it") {
  if (!RedisFixture::available()) return;
  const RedisFixture redis;
  const std::vector<std::string> here{"-t", where(redis.tls()), "--aggressive", "--allow-path",
                                      redis.directory().path()};
  const Scan before = scan(here);
  CHECK(status_of(before.report, "RTA-CHAIN-003") == "pass");
  CHECK(status_of(before.report, "RTA-KEY-001") == "pass");
  CHECK(findings_of(before.report, "RTA-KEY-001").contains("redis.key has mode 0600"));
  CHECK(status_of(before.report, "RTA-KEY-005") == "unknown");  // nothing else was looked through
  // Another directory allows another thing only.
  const TemporaryDirectory elsewhere;
  const Scan log_only = scan({"-t", where(redis.tls()), "--aggressive", "--allow-path", elsewhere.path()});
  CHECK(status_of(log_only.report, "RTA-MON-001") == "pass");
  CHECK(status_of(log_only.report, "RTA-KEY-001") == "unknown");
  // Rotated, and not reloaded; and somebody loosened the key.
  redis.directory().write("redis.crt", make_server(make_authority()).pem());
  redis.directory().chmod("redis.key", 0644);
  const Scan after = scan(here);
  CHECK(status_of(after.report, "RTA-CHAIN-003") == "fail");
  CHECK(status_of(after.report, "RTA-KEY-001") == "fail");
  // Without leave nothing is read, and the way to allow it is told.
  const Scan closed = scan({"-t", where(redis.tls()), "--aggressive"});
  CHECK(status_of(closed.report, "RTA-CHAIN-003") == "unknown");
  CHECK(closed.run.output.contains("--allow-path " + redis.directory().path()));
}
