// What a rehearsal learns of configurations with passwords, users, client
// certificates, clusters and Sentinels: everything that the project's server
// would tell its owner, and nothing more to a stranger.
#include <doctest/doctest.h>

#include <cstdio>

#include "base/process.h"
#include "collect/collector.h"
#include "core/evaluate.h"
#include "core/evidence_json.h"
#include "core/policy_load.h"
#include "tests/support/temporary_directory.h"

using namespace rta;

namespace {

constexpr const char* kTls =
    "port 0\ntls-port 6379\ntls-cert-file tls/redis.pem\ntls-key-file tls/redis.key\n"
    "tls-ca-cert-file tls/ca.pem\ntls-protocols \"TLSv1.2 TLSv1.3\"\n"
    "tls-ciphers ECDHE+AESGCM\n";
constexpr const char* kCanary = "canary-4fd1f5a6c2f04b0e9d1c";

bool is_missing() {
  if (find_redis_server()) return false;
  std::puts("skipped: redis-server is not installed");
  return true;
}

struct Audit {
  explicit Audit(const testing::TemporaryDirectory& project) {
    ScanSettings settings;
    settings.project = project.path();
    settings.ci = settings.rehearse = settings.gate_mode = true;
    policy = *load_profile("hipaa");
    evidence = collect(settings, needs_of(policy), [](const std::string&) {});
    report = evaluate(evidence, policy);
  }
  [[nodiscard]] const Endpoint& endpoint(const std::string& key) const {
    const Endpoint* found = evidence.endpoint(key);
    REQUIRE_MESSAGE(found != nullptr, key);
    return *found;
  }
  [[nodiscard]] const RedisServer& server(const std::string& key) const {
    const Endpoint& found = endpoint(key);
    REQUIRE_MESSAGE(found.redis.has_value(), found.redis.gap()->detail);
    return *found.redis;
  }
  [[nodiscard]] Status status(const std::string& code, const std::string& subject) const {
    for (const Finding& finding : report.findings)
      if (finding.check->info.code.text == code && finding.subject.key == subject)
        return finding.status;
    FAIL("no finding of " << code << " about " << subject);
    return Status::unknown;
  }
  [[nodiscard]] bool notes(const std::string& words) const {
    return std::ranges::any_of(evidence.scope.notes, [&](const Gap& gap) {
      return gap.detail.find(words) != std::string::npos;
    });
  }

  Policy policy;
  Evidence evidence;
  Report report;
};

void check_no_observer(const Audit& audit) {
  const std::string json = write_evidence(audit.evidence);
  for (const std::string trace : {"rehearsal-", "observer.sock", kCanary, "rta-rehearsal"})
    CHECK_MESSAGE(json.find(trace) == std::string::npos, trace << " is in the evidence");
}

}  // namespace

TEST_CASE("requirepass: the rehearsal reads its configuration, a stranger is refused") {
  if (is_missing()) return;
  const testing::TemporaryDirectory project;
  project.write("redis.conf", std::string{kTls} + "tls-auth-clients no\nrequirepass " + kCanary +
                                  "\ntimeout 300\n");
  const Audit audit{project};
  const RedisServer& server = audit.server("rehearsal:redis.conf");
  CHECK(server.unauthenticated_ping.outcome == CommandOutcome::noauth);
  CHECK(server.unauthenticated_config.outcome == CommandOutcome::noauth);
  REQUIRE(server.config_value("tls-ciphers") != nullptr);
  CHECK(*server.config_value("tls-ciphers") == "ECDHE+AESGCM");
  CHECK(*server.config_value("timeout") == "300");
  // Its own, not the project's.
  CHECK(server.config_value("bind") == nullptr);
  CHECK(server.config_value("unixsocket") == nullptr);
  REQUIRE(server.users.has_value());
  REQUIRE(server.users->size() == 1);
  CHECK(server.users->front().name == "default");
  CHECK_FALSE(server.users->front().nopass);
  CHECK(audit.status("RTA-AUTH-001", "rehearsal:redis.conf") == Status::pass);
  CHECK(audit.status("RTA-CONF-002", "rehearsal:redis.conf") == Status::pass);
  CHECK(audit.status("RTA-CIP-007", "rehearsal:redis.conf") != Status::unknown);
  check_no_observer(audit);
}

TEST_CASE("an ACL file and client certificates: all of it is rehearsed") {
  if (is_missing()) return;
  const testing::TemporaryDirectory project;
  project.write("redis.conf", std::string{kTls} + "tls-auth-clients yes\naclfile users.acl\n");
  project.write("users.acl", std::string{"user default off\nuser backend on >"} + kCanary +
                                 " ~app:* +get +set\nuser guest on nopass ~* +ping\n");
  const Audit audit{project};
  const RedisServer& server = audit.server("rehearsal:redis.conf");
  CHECK(server.client_certificate_demanded);
  REQUIRE(server.users.has_value());
  CHECK(server.users->size() == 3);
  CHECK(audit.status("RTA-AUTH-001", "rehearsal:redis.conf") == Status::pass);
  CHECK(audit.status("RTA-AUTH-002", "rehearsal:redis.conf") == Status::pass);
  CHECK(audit.status("RTA-AUTH-003", "rehearsal:redis.conf#guest") == Status::fail);
  check_no_observer(audit);
}

TEST_CASE("an ACL file that is not there leaves open what strangers may do") {
  if (is_missing()) return;
  const testing::TemporaryDirectory project;
  project.write("redis.conf",
                std::string{kTls} + "tls-auth-clients no\naclfile /run/secrets/users.acl\n");
  const Audit audit{project};
  const RedisServer& server = audit.server("rehearsal:redis.conf");
  CHECK(server.unauthenticated_ping.outcome == CommandOutcome::not_sent);
  CHECK_FALSE(server.users.has_value());
  CHECK(audit.status("RTA-AUTH-001", "rehearsal:redis.conf") == Status::unknown);
  CHECK(audit.status("RTA-AUTH-003", "rehearsal:redis.conf") == Status::unknown);
}

TEST_CASE("a cluster node shows on its bus whether that speaks TLS") {
  if (is_missing()) return;
  for (const bool encrypted : {true, false}) {
    const testing::TemporaryDirectory project;
    project.write("redis.conf", std::string{kTls} + "tls-auth-clients no\nrequirepass " + kCanary +
                                    "\ncluster-enabled yes\ntls-cluster " +
                                    (encrypted ? "yes\n" : "no\n"));
    const Audit audit{project};
    const RedisServer& server = audit.server("rehearsal:redis.conf");
    // A plaintext bus resets a ClientHello.
    CHECK((server.cluster_bus.has_value() && *server.cluster_bus == "TLS") == encrypted);
    CHECK(audit.status("RTA-TOPO-002", "rehearsal:redis.conf") ==
          (encrypted ? Status::pass : Status::fail));
    check_no_observer(audit);
  }
}

TEST_CASE("a replica is rehearsed without its primary, and says so") {
  if (is_missing()) return;
  const testing::TemporaryDirectory project;
  project.write("redis.conf", std::string{kTls} +
                                  "tls-auth-clients no\nreplicaof primary.example 6379\n"
                                  "tls-replication yes\nmasterauth " +
                                  kCanary + "\n");
  const Audit audit{project};
  const RedisServer& server = audit.server("rehearsal:redis.conf");
  CHECK(*server.config_value("tls-replication") == "yes");
  CHECK(server.role == "master");  // alone
  CHECK(audit.notes("redis.conf:9:1: replicaof was not applied in the rehearsal"));
  CHECK(audit.status("RTA-TOPO-001", "redis.conf") == Status::pass);
  check_no_observer(audit);
}

TEST_CASE("a Sentinel is rehearsed as one, and watches nobody") {
  if (is_missing()) return;
  const testing::TemporaryDirectory project;
  project.write("sentinel.conf",
                "port 0\ntls-port 26379\ntls-cert-file tls/redis.pem\ntls-key-file tls/redis.key\n"
                "tls-auth-clients no\nsentinel monitor mymaster 198.51.100.7 6379 2\n");
  const Audit audit{project};
  const RedisServer& server = audit.server("rehearsal:sentinel.conf");
  CHECK(server.role == "sentinel");
  CHECK(server.unauthenticated_ping.outcome == CommandOutcome::ok);
  CHECK(audit.status("RTA-TOPO-005", "rehearsal:sentinel.conf") == Status::fail);
  CHECK(audit.notes("sentinel.conf:6:1: sentinel was not applied in the rehearsal"));
  check_no_observer(audit);
}

TEST_CASE("a configuration that redis-server refuses is a finding at its line") {
  if (is_missing()) return;
  const testing::TemporaryDirectory project;
  project.write("redis.conf", std::string{kTls} + "tls-auth-clients no\ntls-ciphersuites NONSUCH\n");
  const Audit audit{project};
  CHECK(audit.status("RTA-CONF-007", "redis.conf") == Status::fail);
  for (const Finding& finding : audit.report.findings)
    if (finding.check->info.code.text == std::string_view{"RTA-CONF-007"}) {
      CHECK(finding.message.find("Failed to configure ciphersuites: NONSUCH") != std::string::npos);
      CHECK(finding.source.location.text() == "redis.conf:9:1");
    }
}

TEST_CASE("certificates that are not in the checkout are not judged by their stand-in") {
  if (is_missing()) return;
  const testing::TemporaryDirectory project;
  project.write("redis.conf", std::string{kTls} + "tls-auth-clients no\n");
  const Audit audit{project};
  CHECK(audit.endpoint("rehearsal:redis.conf").stand_in_certificate);
  CHECK(audit.notes("a stand-in took the place of the server's certificate and key"));
  for (const Finding& finding : audit.report.findings) {
    const std::string_view code = finding.check->info.code.text;
    if (code.starts_with("RTA-CERT-") || code.starts_with("RTA-CHAIN-") || code == "RTA-KEX-002")
      CHECK_MESSAGE(finding.status != Status::pass,
                    code << " " << finding.subject.text() << ": " << finding.message);
  }
}
