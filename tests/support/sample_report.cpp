#include "tests/support/sample_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/digest.h"
#include "tests/support/check_story.h"
#include "tests/support/sample_certificates.h"
#include "tests/support/sample_checks.h"

namespace rta::testing {

// Markup, an escape sequence, OSC 8, C1, bidi, a NUL, bad UTF-8, a workflow command.
const std::string kHostileText =
    std::string{"<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp;{{X}}"} +
    "\x1b[31mred\x1b]8;;http://evil\x07 \xc2\x9b" + "1m \xe2\x80\xae" + "txt.exe " + '\0' +
    "\xff\xfe\n::error::pwned\r\n=1+1";

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, kItemCount> kItems{
    {{"TLS 1.2 or higher enabled", "164.312(e)(1), 164.312(e)(2)(ii)"},
     {"Strong cipher suites configured", "164.312(e)(2)(ii), 164.312(a)(2)(iv)"},
     {"Certificates from trusted CA (production)", "164.312(d), 164.312(e)(1)"},
     {"Certificate expiration monitoring in place", "164.308(a)(1)(ii)(D), 164.308(a)(7)"},
     {"Backend TLS enabled and tested", "164.312(e)(1)"},
     {"Worker TLS enabled and tested", "164.312(e)(1)"},
     {"Connection verification enabled (production)", "164.312(d), 164.312(e)(2)(i)"},
     {"Private keys secured (chmod 600)", "164.312(a)(1), 164.310"},
     {"Certificates excluded from version control", "164.312(a)(1), 164.308(a)(5)(ii)(D)"},
     {"Regular certificate rotation scheduled", "164.308(a)(1)(ii)(B)"},
     {"TLS connection monitoring active", "164.308(a)(1)(ii)(D), 164.312(b)"},
     {"Audit logs enabled for Redis access", "164.312(b), 164.308(a)(5)(ii)(C)"},
     {"Supporting safeguards", "164.308(a)(4), 164.312(a), 164.312(d)"}}};

struct Said {
  const char* code;
  Status status;
  Subject subject;
  const char* message;
  const char* expected = "";
  const char* observed = "";
  const char* remediation = "";
  SourceLocation at = {};
  Grade grade = Grade::observed;
};

void say(Report& report, const Said& said) {
  const Check& check = sample_check(said.code).check;
  Finding finding;
  finding.check = &check;
  finding.status = said.status;
  finding.severity = check.info.severity;
  finding.subject = said.subject;
  finding.message = said.message;
  finding.expected = said.expected;
  finding.observed = said.observed;
  const bool needs_fix = said.status == Status::fail || said.status == Status::warn;
  finding.remediation = *said.remediation != '\0' ? said.remediation
                        : needs_fix               ? std::string{check.info.remediation}
                                                  : std::string{};
  finding.grade = said.grade;
  finding.source.location = said.at;
  finding.source.collector = said.at.path.empty() ? "endpoint" : "project";
  if (said.subject.kind == SubjectKind::endpoint) finding.source.endpoint = said.subject.key;
  finding.source.method = said.at.path.empty() ? "ClientHello, TLS 1.2" : "read";
  finding.fingerprint = sha256_hex(std::string{said.code} + said.subject.text() + said.message);
  report.findings.push_back(std::move(finding));
}

void count(StatusCounts& counts, Status status) {
  switch (status) {
    case Status::pass:
      ++counts.pass;
      return;
    case Status::warn:
      ++counts.warn;
      return;
    case Status::fail:
      ++counts.fail;
      return;
    case Status::manual:
      ++counts.manual;
      return;
    case Status::unknown:
      ++counts.unknown;
      return;
    case Status::not_applicable:
      ++counts.not_applicable;
      return;
  }
}

ChecklistRow row_of(const Report& report, int item) {
  ChecklistRow row{.item = item,
                   .title = std::string{kItems[static_cast<std::size_t>(item - 1)].first},
                   .hipaa = std::string{kItems[static_cast<std::size_t>(item - 1)].second}};
  row.verdict = Status::not_applicable;
  for (std::size_t i = 0; i < report.findings.size(); ++i) {
    const Finding& finding = report.findings[i];
    if (!finding.check->info.core.has(item) && !finding.check->info.supports.has(item)) continue;
    row.findings.push_back(i);
    if (finding.check->info.core.has(item)) row.verdict = worse(row.verdict, finding.status);
  }
  if (row.findings.empty()) row.verdict = Status::unknown;
  std::ranges::stable_sort(row.findings, [&](std::size_t one, std::size_t other) {
    const Status a = report.findings[one].status;
    const Status b = report.findings[other].status;
    return a != b && worse(a, b) == a;
  });
  row.sentence = row.findings.empty() ? "nothing was seen that could decide this item"
                                      : report.findings[row.findings.front()].message;
  return row;
}

// Everything that follows from findings, in the simplest way.
void conclude(SampleReport& sample, Outcome outcome, std::string sentence) {
  Report& report = sample.report;
  std::ranges::stable_sort(report.findings, {}, [](const Finding& finding) {
    return sample_check(finding.check->info.code.text).name;
  });
  for (const SampleCheck& known : sample_checks()) {
    CheckRun run{.code = std::string{known.check.info.code.text}, .name = std::string{known.name}};
    run.status = Status::not_applicable;
    for (const Finding& finding : report.findings) {
      if (finding.check != &known.check) continue;
      run.status = worse(run.status, finding.status);
      ++run.subjects;
    }
    report.checks.push_back(std::move(run));
  }
  for (int item = 1; item <= kItemCount; ++item) report.checklist.push_back(row_of(report, item));
  for (const ChecklistRow& row : report.checklist) count(report.items, row.verdict);
  for (std::size_t i = 0; i < report.findings.size(); ++i) {
    const Finding& finding = report.findings[i];
    count(report.results, finding.status);
    if (finding.status == Status::fail && finding.severity == Severity::critical)
      report.actions.push_back(
          {i, std::string{finding.check->info.title}, finding.message, finding.remediation, 1});
  }
  for (const Endpoint& endpoint : sample.evidence.endpoints) {
    report.footprint.connections += endpoint.footprint.connections;
    report.footprint.handshakes_completed += endpoint.footprint.handshakes_completed;
    report.footprint.bytes_sent += endpoint.footprint.bytes_sent;
    report.footprint.bytes_received += endpoint.footprint.bytes_received;
    report.footprint.milliseconds += endpoint.footprint.milliseconds;
    report.footprint.expected_log_lines += endpoint.footprint.expected_log_lines;
    report.footprint.commands += endpoint.footprint.commands;
  }
  report.gate = {outcome,
                 outcome == Outcome::fail   ? 1
                 : outcome == Outcome::pass ? 0
                                            : 3,
                 outcome != Outcome::incomplete, Severity::high, std::move(sentence)};
  report.evidence_digest = sha256_hex("evidence of " + report.gate.sentence);
  report.run_id = uuid_v5(report.evidence_digest + sample.policy.digest);
}

std::unique_ptr<SampleReport> begin() {
  auto sample = std::make_unique<SampleReport>();
  sample->evidence = story();
  sample->evidence.scope.project = "untxt-ocr";
  sample->evidence.tool_version = "0.1.0";
  sample->evidence.openssl_version = "OpenSSL 3.0.17";
  sample->policy = profile("hipaa");
  sample->report.tool_version = "0.1.0";
  sample->report.as_of = sample->evidence.as_of;
  sample->report.evidence = &sample->evidence;
  sample->report.policy = &sample->policy;
  return sample;
}

OfferAnswer answer(Answer value, std::string reason) { return {value, std::move(reason), {}, {}}; }

SuiteInventory suites(ProtocolVersion version, std::vector<CipherSuite> accepted) {
  SuiteInventory inventory{.version = version, .complete = true, .order = OrderBy::server};
  for (const CipherSuite suite : accepted)
    inventory.accepted.push_back({suite, answer(Answer::supported, "ServerHello")});
  inventory.chosen = accepted.front();
  return inventory;
}

TlsSurvey survey(std::vector<CipherSuite> tls12) {
  using enum ProtocolVersion;
  TlsSurvey survey;
  for (const ProtocolVersion old : {ssl2, ssl3, tls1_0, tls1_1})
    survey.versions.push_back({old, answer(Answer::not_supported, "alert 70 protocol_version")});
  for (const ProtocolVersion fresh : {tls1_2, tls1_3})
    survey.versions.push_back({fresh, answer(Answer::supported, "ServerHello")});
  survey.suites = {suites(tls1_2, std::move(tls12)), suites(tls1_3, {0x1302, 0x1303, 0x1301})};
  survey.groups = {{tls1_2,
                    {{29, answer(Answer::supported, "")}, {23, answer(Answer::supported, "")}},
                    true,
                    {},
                    NamedGroup{29}},
                   {tls1_3,
                    {{29, answer(Answer::supported, "")},
                     {23, answer(Answer::supported, "")},
                     {24, answer(Answer::supported, "")}},
                    true,
                    {},
                    NamedGroup{29}}};
  survey.behaviour.secure_renegotiation = true;
  survey.behaviour.extended_master_secret = true;
  survey.behaviour.compression_accepted = false;
  return survey;
}

Endpoint endpoint(std::vector<CipherSuite> tls12, const std::vector<Bytes>& chain) {
  Endpoint redis{.key = "redis:6379", .host = "redis", .port = 6379};
  redis.aliases = {"localhost:6379"};
  redis.named_by = {"docker-compose.yml:23", "--target"};
  redis.address = "127.0.0.1:16379";
  redis.port_answer = PortAnswer{PortSpeech::tls, "connection reset", true, "ServerHello"};
  redis.tls = survey(std::move(tls12));
  redis.chain = ServedChain{chain,    ProtocolVersion::tls1_3,       0x1302,
                            "X25519", ClientCertificateDemand::none, "redis"};
  redis.siblings = {
      {6380, "well-known port", true, Gap{GapReason::refused, "connection refused", ""}}};
  redis.footprint = {.connections = 41,
                     .handshakes_completed = 3,
                     .bytes_sent = 18'344,
                     .bytes_received = 131'902,
                     .milliseconds = 842,
                     .expected_log_lines = 33,
                     .commands = 14};
  return redis;
}

CertificateFile certificate_file(std::string path, Bytes der) {
  CertificateFile file;
  file.file.path = std::move(path);
  file.file.mode = 0644;
  file.certificates = {std::move(der)};
  return file;
}

KeyFile key_file(std::string path, std::uint32_t mode) {
  KeyFile key;
  key.file.path = std::move(path);
  key.file.mode = mode;
  key.file.owner = "redis";
  key.kind = "RSA";
  key.bits = 4096;
  return key;
}

Consumer consumer(std::string name, ConsumerRole role, VerificationLevel level, std::string why) {
  Consumer made;
  made.key = name + "@" + name + "/.env";
  made.name = name;
  made.role = role;
  made.source = name + "/.env";
  made.dialect = role == ConsumerRole::worker ? "python" : "node";
  made.library = role == ConsumerRole::worker ? "redis-py 5.0.1" : "ioredis 5.3.2";
  made.host = "redis";
  made.endpoint = "redis:6379";
  made.level = level;
  made.level_reason = std::move(why);
  return made;
}

Timestamp day(std::string_view date) { return *parse_timestamp(date); }

}  // namespace

std::unique_ptr<SampleReport> guide_report() {
  using enum Status;
  auto sample = begin();
  Evidence& evidence = sample->evidence;
  const Bytes ca = make_certificate({"Redis-CA", day("2026-11-22"), day("2036-11-19"), true});
  const Bytes server = make_certificate({"localhost", day("2026-11-22"), day("2036-11-19"), false});
  const Bytes client =
      make_certificate({"redis-client", day("2026-03-01"), day("2026-12-11"), false});
  const Bytes old = make_certificate({"redis-old", day("2024-10-01"), day("2025-10-01"), false});
  evidence.endpoints = {
      endpoint({0xC030, 0xCCA8, 0xC02F, 0x009F, 0xC028, 0xC014, 0x009D, 0x009C, 0x003D, 0x002F},
               {server, ca})};
  evidence.certificate_files = {certificate_file("certs/redis/ca-cert.pem", ca),
                                certificate_file("certs/redis/redis-client-cert.pem", client),
                                certificate_file("certs/redis/redis-old-cert.pem", old),
                                certificate_file("certs/redis/redis-server-cert.pem", server)};
  evidence.key_files = {key_file("certs/redis/ca-key.pem", 0600),
                        key_file("certs/redis/redis-client-key.pem", 0600),
                        key_file("certs/redis/redis-server-key.pem", 0600)};
  evidence.consumers = {consumer("backend", ConsumerRole::backend,
                                 VerificationLevel::tls_chain_only, "NODE_ENV is not set"),
                        consumer("worker", ConsumerRole::worker, VerificationLevel::tls_verified,
                                 "REDIS_TLS_VERIFY=true")};
  Repository repository;
  repository.is_repository = repository.has_commits = repository.history_complete = true;
  repository.head = "9f0c6be51f6c2d3b8a7e4d10c9b8a7f6e5d4c3b2";
  repository.tracked_files = 7;
  repository.objects_searched = 23;
  evidence.repository = repository;
  evidence.scope.notes = {
      {GapReason::not_found, "no schedule, monitor or log shipping was found in the tree",
       "name the directory with --allow-path"},
      {GapReason::outside_scope, "/etc/redis was not read", "scan with --allow-path /etc/redis"}};
  const Subject redis = Subject::endpoint("redis:6379");
  const Subject backend = Subject::consumer("backend@backend/.env", ConsumerRole::backend);
  const Subject worker = Subject::consumer("worker@worker/.env", ConsumerRole::worker);
  const std::vector<Said> all{
      {"RTA-TLS-001", pass, redis, "redis:6379 answers a TLS ClientHello with a ServerHello"},
      {"RTA-TLS-003", pass, redis, "TLS 1.0 was refused with alert 70 protocol_version",
       "a refusal", "alert 70 protocol_version"},
      {"RTA-TLS-004", pass, redis, "TLS 1.1 was refused with alert 70 protocol_version",
       "a refusal", "alert 70 protocol_version"},
      {"RTA-PLAIN-001", pass, redis, "a plaintext PING was met with a reset, not with an answer"},
      {"RTA-CONF-001",
       pass,
       Subject::file("redis.conf"),
       "redis.conf sets port 0 and tls-port 6379",
       "",
       "",
       "",
       {"redis.conf", 4, 1},
       Grade::declared},
      {"RTA-CIP-001", pass, redis, "none of 271 broken suites was accepted"},
      {"RTA-CIP-002", fail, redis,
       "6 suites without forward secrecy are accepted, among them TLS_RSA_WITH_AES_256_GCM_SHA384; "
       "only (EC)DHE suites should be",
       "no TLS_RSA_* suite",
       "TLS_RSA_WITH_AES_256_GCM_SHA384, TLS_RSA_WITH_AES_128_GCM_SHA256, "
       "TLS_RSA_WITH_AES_256_CBC_SHA256, TLS_RSA_WITH_AES_128_CBC_SHA256, "
       "TLS_RSA_WITH_AES_256_CBC_SHA, TLS_RSA_WITH_AES_128_CBC_SHA"},
      {"RTA-CIP-004", warn, redis, "8 CBC suites with forward secrecy are accepted", "no CBC suite",
       "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384 and 7 more",
       "tls-ciphers ECDHE+AESGCM:ECDHE+CHACHA20"},
      {"RTA-CIP-007",
       fail,
       Subject::file("redis.conf"),
       "the cipher string DEFAULT:!MEDIUM:!LOW:!aNULL:!eNULL is what DEFAULT already is, and lets "
       "static RSA through",
       "an explicit list such as ECDHE+AESGCM:ECDHE+CHACHA20",
       "DEFAULT:!MEDIUM:!LOW:!aNULL:!eNULL",
       "",
       {"redis.conf", 22, 1},
       Grade::declared},
      {"RTA-CERT-002", pass, Subject::certificate(sha256_hex(server)),
       "CN=localhost is valid for 3648 more days"},
      {"RTA-CERT-003", pass, Subject::certificate(sha256_hex(server)),
       "the key is RSA with 4096 bits"},
      {"RTA-CERT-005", fail, Subject::certificate(sha256_hex(server)),
       "CN=localhost is valid for 3650 days in all; at most 1095 are allowed, 398 are good",
       "at most 398 days", "3650 days", "openssl x509 -req -days 90 …"},
      {"RTA-CERT-007", fail, Subject::certificate(sha256_hex(server)),
       "CN=localhost has no subjectAltName, and clients connect to redis",
       "DNS:redis in subjectAltName", "no subjectAltName"},
      {"RTA-CERT-009", fail, Subject::certificate(sha256_hex(ca)),
       "the issuer CN=Redis-CA is a throw-away CA: its subject is the tutorial's",
       "an issuing CA that the policy lists", "C=US, ST=State, L=City, O=Organization, CN=Redis-CA",
       "redis-tls-audit scan --anchor your-ca.pem"},
      {"RTA-CHAIN-001", pass, backend, "the served chain verifies with certs/redis/ca-cert.pem"},
      {"RTA-CHAIN-002",
       fail,
       backend,
       "backend connects to redis, and the served certificate is for localhost only",
       "redis in subjectAltName",
       "no subjectAltName, CN=localhost",
       "subjectAltName = DNS:redis, DNS:localhost",
       {"backend/.env", 2, 1}},
      {"RTA-CHAIN-002",
       fail,
       worker,
       "worker connects to redis, and the served certificate is for localhost only",
       "redis in subjectAltName",
       "no subjectAltName, CN=localhost",
       "subjectAltName = DNS:redis, DNS:localhost",
       {"worker/.env", 2, 1}},
      {"RTA-MON-001", pass, redis, "the shortest-lived certificate in use has 18 days left"},
      {"RTA-MON-002", manual, Subject::deployment(),
       "nothing in the tree watches certificate expiry, and no attestation says who does", "", "",
       "Schedule `redis-tls-audit scan`, or attest expiry-monitoring"},
      {"RTA-ENV-001",
       pass,
       backend,
       "REDIS_TLS_ENABLED=true",
       "",
       "",
       "",
       {"backend/.env", 4, 1},
       Grade::declared},
      {"RTA-ENV-002",
       pass,
       worker,
       "REDIS_TLS_ENABLED=true",
       "",
       "",
       "",
       {"worker/.env", 4, 1},
       Grade::declared},
      {"RTA-ENV-003",
       fail,
       backend,
       "REDIS_TLS_CA_PATH names /absolute/path/to/certs/redis/ca-cert.pem, which is a placeholder",
       "the path of an existing CA file",
       "/absolute/path/to/certs/redis/ca-cert.pem",
       "",
       {"backend/.env", 5, 1},
       Grade::declared},
      {"RTA-ENV-003",
       fail,
       worker,
       "REDIS_TLS_CA_CERT names /absolute/path/to/certs/redis/ca-cert.pem, which is a placeholder",
       "the path of an existing CA file",
       "/absolute/path/to/certs/redis/ca-cert.pem",
       "REDIS_TLS_CA_CERT=certs/redis/ca-cert.pem",
       {"worker/.env", 5, 1},
       Grade::declared},
      {"RTA-ENV-004",
       warn,
       backend,
       "NODE_ENV is not set, so the backend's verification depends on its default",
       "NODE_ENV=production",
       "not set",
       "NODE_ENV=production",
       {"backend/.env", 1, 1},
       Grade::declared},
      {"RTA-ENV-006", fail, backend,
       "a session with backend's own parameters ended at `parameters`: the CA file does not exist",
       "+PONG over a verified session", "CA file missing"},
      {"RTA-ENV-006", fail, worker,
       "a session with worker's own parameters ended at `parameters`: the CA file does not exist",
       "+PONG over a verified session", "CA file missing"},
      {"RTA-KEY-001", pass, Subject::file("certs/redis/redis-server-key.pem"), "mode 0600"},
      {"RTA-KEY-002", pass, Subject::file("certs/redis/redis-server-key.pem"),
       "owned by redis, the account that runs redis-server"},
      {"RTA-KEY-005",
       fail,
       Subject::file("certs/redis/ca-key.pem"),
       "certs/redis/ca-key.pem is the private key of CA CN=Redis-CA and lies in the deployed tree",
       "no CA key beside the server",
       "certs/redis/ca-key.pem, mode 0600",
       "Move ca-key.pem to an offline medium:\nmv certs/redis/ca-key.pem /media/offline/\nshred -u "
       "certs/redis/ca-key.pem",
       {"certs/redis/ca-key.pem", 0, 0}},
      {"RTA-DOCK-003",
       fail,
       Subject::service("docker-compose.yml#redis"),
       "the mount ./certs/redis brings ca-key.pem into the containers redis, backend and worker",
       "a mount of the files that the service uses",
       "./certs/redis:/certs/redis:ro",
       "volumes:\n  - ./certs/redis/ca-cert.pem:/certs/redis/ca-cert.pem:ro",
       {"docker-compose.yml", 9, 9}},
      {"RTA-DOCK-002",
       fail,
       Subject::service("docker-compose.yml#redis"),
       "port 6379 is published on all interfaces, without authentication",
       "127.0.0.1:6379:6379 or none",
       "6379:6379",
       "",
       {"docker-compose.yml", 7, 9}},
      {"RTA-VCS-001", pass, Subject::repository(), "none of 7 tracked files holds a private key"},
      {"RTA-VCS-004",
       warn,
       Subject::repository(),
       ".env, *.p12 and users.acl are not covered by an ignore rule",
       ".env in .gitignore",
       "certs/ *.pem *.key *.crt *.csr",
       "",
       {".gitignore", 1, 1}},
      {"RTA-VCS-006", pass, Subject::repository(),
       "no environment file with a Redis secret is tracked"},
      {"RTA-ROT-001", pass, redis, "the served certificate is 1 day old"},
      {"RTA-ROT-002", manual, Subject::deployment(),
       "no timer, cron line or CI schedule renews the certificates, and no attestation says who "
       "does",
       "", "", "Add a timer, or attest rotation"},
      {"RTA-CONN-001", pass, redis, "all 2 connected clients are on the TLS listener"},
      {"RTA-CONN-004", manual, Subject::deployment(),
       "nothing watches TLS connections, and no attestation says who does", "", "",
       "Attest tls-monitoring, or run an exporter over rediss://"},
      {"RTA-AUD-001",
       warn,
       Subject::file("redis.conf"),
       "logfile is not set: the log goes to standard output under no visible supervisor",
       "a log file, syslog or a log driver",
       "logfile \"\"",
       "",
       {"redis.conf", 0, 0},
       Grade::declared},
      {"RTA-AUD-004", manual, Subject::deployment(),
       "no source records who accessed which key, and no attestation names one", "", "",
       "Attest audit-logging: source, owner, retention"},
      {"RTA-AUTH-001", fail, redis,
       "a client without credentials may run INFO and CONFIG GET; it should get -NOAUTH", "-NOAUTH",
       "INFO answered, CONFIG GET answered"},
      {"RTA-AUTH-002", fail, redis, "user default is on, without a password, with +@all ~*",
       "user default off", "on nopass ~* +@all"},
      {"RTA-AUTH-003", fail, Subject::user("redis:6379#default"),
       "user default works without a password", "no user with nopass", "nopass"}};
  for (const Said& said : all) say(sample->report, said);
  conclude(*sample, Outcome::fail,
           "Not compliant: 8 of 13 items fail, 4 more cannot be shown to hold");
  return sample;
}

std::unique_ptr<SampleReport> hardened_report() {
  using enum Status;
  auto sample = begin();
  Evidence& evidence = sample->evidence;
  const Bytes ca =
      make_certificate({"Example Clinic Issuing CA 2", day("2025-01-10"), day("2030-01-10"), true});
  const Bytes server =
      make_certificate({"redis.internal.example", day("2026-11-01"), day("2027-01-30"), false});
  evidence.endpoints = {endpoint({0xC030, 0xCCA8, 0xC02F}, {server, ca})};
  evidence.certificate_files = {certificate_file("certs/ca.pem", ca),
                                certificate_file("certs/server.pem", server)};
  evidence.key_files = {key_file("certs/server.key", 0400)};
  evidence.consumers = {consumer("backend", ConsumerRole::backend, VerificationLevel::tls_verified,
                                 "NODE_ENV=production"),
                        consumer("worker", ConsumerRole::worker, VerificationLevel::tls_verified,
                                 "REDIS_TLS_VERIFY=true")};
  Attestation attested;
  attested.kind = "audit-logging";
  attested.targets = {"*"};
  attested.statement = "Access to Redis is recorded by the gateway; records are kept for 6 years.";
  attested.by = "Dana Whitfield";
  attested.role = "Security officer";
  attested.date = day("2026-10-01");
  attested.expires = day("2027-09-30");
  attested.evidence = {"SEC-1182"};
  attested.location = {"attestations.toml", 3, 1};
  evidence.attestations = {attested};
  const Subject redis = Subject::endpoint("redis:6379");
  const Subject backend = Subject::consumer("backend@backend/.env", ConsumerRole::backend);
  const Subject worker = Subject::consumer("worker@worker/.env", ConsumerRole::worker);
  for (const SampleCheck& known : sample_checks()) {
    const std::string code{known.check.info.code.text};
    const bool of_consumers =
        code == "RTA-ENV-003" || code == "RTA-ENV-006" || code == "RTA-CHAIN-002";
    const bool attestable = code == "RTA-AUD-004" || code == "RTA-MON-002" || code == "RTA-ROT-002";
    const std::string message = "seen to hold: " + std::string{known.check.info.title};
    const Grade grade = attestable ? Grade::attested : Grade::observed;
    if (of_consumers) {
      say(sample->report, {code.c_str(), pass, backend, message.c_str()});
      say(sample->report, {code.c_str(), pass, worker, message.c_str()});
    } else {
      say(sample->report, {code.c_str(), pass, redis, message.c_str(), "", "", "", {}, grade});
    }
  }
  conclude(*sample, Outcome::pass, "Compliant: all 13 items hold");
  return sample;
}

std::unique_ptr<SampleReport> empty_report() {
  auto sample = begin();
  sample->evidence.scope.project = ".";
  sample->evidence.scope.notes = {
      {GapReason::not_found,
       "no redis.conf, compose file, environment file or certificate was found",
       "give the project's directory, or --target rediss://host:port"}};
  for (const SampleCheck& known : sample_checks()) {
    const std::string code{known.check.info.code.text};
    say(sample->report,
        {code.c_str(), Status::unknown, Subject::deployment(),
         "nothing was found that this could be judged by", "", "", "name a target with --target"});
    sample->report.findings.back().reason = GapReason::not_found;
  }
  conclude(*sample, Outcome::incomplete, "Not determined: nothing was found to audit");
  return sample;
}

std::unique_ptr<SampleReport> hostile_report() {
  auto sample = guide_report();
  Evidence& evidence = sample->evidence;
  evidence.scope.project = kHostileText;
  evidence.scope.notes.push_back({GapReason::malformed, kHostileText, kHostileText});
  Endpoint& endpoint = evidence.endpoints.front();
  endpoint.host = endpoint.address = kHostileText;
  endpoint.aliases = endpoint.named_by = {kHostileText};
  endpoint.siblings.front().why = kHostileText;
  const Bytes evil = make_certificate(
      {"<b>evil</b>\x1b[31m\xe2\x80\xae", day("2026-01-01"), day("2027-01-01"), false});
  evidence.certificate_files.push_back(certificate_file(kHostileText, evil));
  evidence.certificate_files.push_back(certificate_file("not-a-certificate.pem", {1, 2, 3}));
  evidence.key_files.push_back(key_file(kHostileText, 0644));
  for (Consumer& consumer : evidence.consumers)
    consumer.key = consumer.name = consumer.library = consumer.level_reason = kHostileText;
  Attestation attested;
  attested.kind = attested.statement = attested.by = attested.role = kHostileText;
  attested.evidence = attested.targets = {kHostileText};
  evidence.attestations = {attested};
  for (Finding& finding : sample->report.findings) {
    finding.message += " " + kHostileText;
    finding.expected = finding.observed = finding.remediation = kHostileText;
    finding.subject.key += kHostileText;
    finding.source.location.path = kHostileText;
    finding.source.method = kHostileText;
  }
  for (ChecklistRow& row : sample->report.checklist) row.sentence = kHostileText;
  for (Action& action : sample->report.actions) action.why = action.fix = kHostileText;
  return sample;
}

std::vector<NamedSample> all_samples() {
  std::vector<NamedSample> all;
  all.push_back({"guide", guide_report()});
  all.push_back({"hardened", hardened_report()});
  all.push_back({"empty", empty_report()});
  all.push_back({"hostile", hostile_report()});
  return all;
}

}  // namespace rta::testing
