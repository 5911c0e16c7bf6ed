// Secrets that lie in the audited project, or that the operator gives, appear
// nowhere: not in reports, evidence, standard output or error, nor in the
// process list, nor in a core dump.
#include <doctest/doctest.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "base/deadline.h"
#include "tests/program/run_program.h"
#include "tests/support/bad_peer.h"
#include "tests/support/pki.h"
#include "tests/support/redis_server.h"

using namespace rta;
using namespace rta::testing;

namespace {

// Every secret holds this mark; a base64 or hex form would hold its middle.
constexpr const char* kOperator = "canary-operator-5b1e";

struct Planted {
  TemporaryDirectory project;
  std::vector<std::string> canaries;

  std::string secret(const std::string& where) {
    canaries.push_back("canary-" + where + "-9f27c4");
    return canaries.back();
  }
};

// The middle of a key file's base64: bytes of the key.
std::string key_bytes(const std::string& pem) { return pem.substr(pem.find('\n') + 40, 24); }

void plant(Planted& planted) {
  const TemporaryDirectory& project = planted.project;
  const Issued authority = make_authority();
  const Issued server = make_server(authority);
  project.write("tls/redis.crt", server.pem());
  project.write("tls/redis.key", server.key_pem(), 0600);
  project.write("tls/ca.key", authority.key_pem(), 0644);
  planted.canaries.push_back(key_bytes(server.key_pem()));
  planted.canaries.push_back(key_bytes(authority.key_pem()));
  project.write("backend/.env", "REDIS_TLS_ENABLED=true\nREDIS_PASSWORD=" + planted.secret("env") +
                                    "\nREDIS_HOST=redis\n");
  project.write("worker/.env", "REDIS_URL=rediss://worker:" + planted.secret("url") +
                                   "@redis:6379/0\nREDIS_PASSWORD='" + planted.secret("quoted") +
                                   "'REDIS_TLS_ENABLED=true\n");
  project.write(".env.example", "REDIS_URL=redis://:" + planted.secret("template") + "@redis:6379\n");
  project.write("redis.conf",
                "port 0\ntls-port 6379\ntls-cert-file tls/redis.crt\ntls-key-file tls/redis.key\n"
                "requirepass " + planted.secret("requirepass") + "\nmasterauth \"" +
                    planted.secret("masterauth") + "\"\ntls-key-file-pass " + planted.secret("keypass") +
                    "\nuser backend on >" + planted.secret("acl") +
                    " ~app:* +@read\nuser old on #" + std::string(64, 'a') + " +@all\naclfile users.acl\n");
  project.write("users.acl", "user worker on >" + planted.secret("aclfile") + " ~* +@all\n");
  project.write("docker-compose.yml",
                "services:\n  redis:\n    image: redis:7\n    command: redis-server --requirepass " +
                    planted.secret("compose") + "\n  backend:\n    image: b\n    environment:\n"
                    "      REDIS_PASSWORD: " + planted.secret("environment") +
                    "\n      CELERY_BROKER_URL: rediss://:" + planted.secret("celery") + "@redis:6379/1\n");
  project.write("scripts/create.sh",
                "aws elasticache create-replication-group --auth-token \"" + planted.secret("token") +
                    "\"\nredis-cli -a " + planted.secret("cli") + " PING\n");
  project.write("deploy/redis.service",
                "[Service]\nExecStart=/usr/bin/redis-exporter -redis.password=" + planted.secret("unit") + "\n");
}

std::string first_leak(const Planted& planted, const std::string& text) {
  for (const std::string& canary : planted.canaries)
    if (text.contains(canary)) return canary;
  return {};
}

}  // namespace

TEST_CASE("nothing that the project keeps secret leaves it") {
  Planted planted;
  plant(planted);
  const TemporaryDirectory out;
  const Run scan = run_program({"scan", planted.project.path(), "--ci", "-o", "text", "-o",
                                "json=" + (out / "report.json"), "-o", "html=" + (out / "report.html")});
  REQUIRE((scan.exit_code == 1 || scan.exit_code == 3));
  const Run collect = run_program({"collect", planted.project.path(), "--ci", "-o", out / "evidence.json"});
  REQUIRE(collect.exit_code == 0);
  const Run rehearse = run_program({"rehearse", planted.project.path()});
  for (const std::string& text :
       {scan.output, scan.errors, collect.errors, rehearse.output, rehearse.errors,
        read_whole(out / "report.json"), read_whole(out / "report.html"),
        read_whole(out / "evidence.json")}) {
    CHECK_FALSE(text.contains(std::string(64, 'a')));  // an ACL hash
    CHECK(first_leak(planted, text) == "");
  }
  // They were seen all the same.
  CHECK(findings_of(read_report(out / "report.json"), "RTA-DOCK-004").contains("fail"));
}

TEST_CASE("the operator's password and key stay with the operator") {
  if (!RedisFixture::available()) return;
  const RedisFixture redis{{.auth_clients = "yes", .password = kOperator}};
  const TemporaryDirectory out;
  const std::string password = out.write("password", std::string{kOperator} + "\n", 0600);
  const std::vector<std::string> access{"-t", redis.tls().text(), "--aggressive", "--cacert", redis.ca_path(),
                                        "--cert", redis.client_certificate_path(), "--key",
                                        redis.client_key_path()};
  const std::string key = key_bytes(read_whole(redis.client_key_path()));
  const auto check_silent = [&](const Run& run) {
    for (const std::string& text : {run.output, run.errors}) {
      CHECK_FALSE(text.contains(kOperator));
      CHECK_FALSE(text.contains(key));
    }
  };
  std::vector<std::string> scan{"scan"};
  scan.insert(scan.end(), access.begin(), access.end());
  scan.insert(scan.end(), {"-o", "json"});
  std::vector<std::string> by_file = scan;
  by_file.insert(by_file.end(), {"--password-file", password});
  const Run known = run_program(by_file);
  CHECK(nlohmann::json::parse(known.output)["coverage"]["checks_with_problems"].empty());
  check_silent(known);
  const Run by_variable =
      run_program(scan, {.environment = {std::string{"REDIS_TLS_AUDIT_PASSWORD="} + kOperator}});
  check_silent(by_variable);
  std::vector<std::string> collect{"collect"};
  collect.insert(collect.end(), access.begin(), access.end());
  collect.insert(collect.end(), {"--password-file", password});
  check_silent(run_program(collect));
}

TEST_CASE("while it runs, the process list shows no secret and a crash leaves no core") {
  const BadPeer peer{Manner::silent};
  const TemporaryDirectory out;
  const std::string password = out.write("password", std::string{kOperator} + "\n", 0600);
  ChildProcess scan = start_program({"scan", "-t", peer.address().text(), "--timeout", "3000", "--password-file",
                                     password});
  const Deadline deadline = Deadline::after(std::chrono::minutes{1});
  while (peer.connections() == 0 && !deadline.passed()) scan.wait(std::chrono::milliseconds{5});
  REQUIRE(peer.connections() > 0);
  const std::string process = "/proc/" + std::to_string(scan.pid());
  const std::string line = read_whole(process + "/cmdline");
  CHECK(line.contains("--password-file"));
  CHECK_FALSE(line.contains(kOperator));
  CHECK_FALSE(read_whole(process + "/environ").contains(kOperator));
  CHECK(read_whole(process + "/limits").contains("Max core file size        0"));
  scan.end();
}
