// The project as it ought to be: a CA whose key is elsewhere, short-lived
// certificates with names and purposes, named users, everything scheduled.
#include <fmt/format.h>
#include <openssl/rand.h>
#include <sys/stat.h>

#include "base/digest.h"
#include "base/text.h"
#include "demo/hardened_files.h"
#include "demo/project.h"
#include "redis/scan_commands.h"
#include "x509/issue.h"

namespace rta::demo {
namespace {

constexpr int kLeafDays = 85;  // below the 90 days after which rotation is due
constexpr int kCaDays = 1095;
constexpr std::string_view kOrganisation = "Untxt Health Platform";

struct Passwords {
  std::string backend, worker, auditor;
};

// 256 bits, as ACL GENPASS gives them.
std::string make_password() {
  Bytes random(32);
  RTA_ASSERT(RAND_bytes(random.data(), static_cast<int>(random.size())) == 1);
  return to_hex(random);
}

struct Authority {
  x509::PrivateKey key;
  Bytes certificate;
};

Result<Authority> make_authority(ProjectWriter& writer, Timestamp now) {
  auto key = x509::PrivateKey::make_ec();
  if (!key) return std::move(key).error();
  const std::string name = fmt::format("{} Redis CA 1", kOrganisation);
  // The CA is some days old: it was not made for this run alone.
  auto certificate =
      x509::self_sign(x509::proper_ca(name, now - std::chrono::days{30}, kCaDays), *key);
  if (!certificate) return std::move(certificate).error();
  writer.file("tls/redis-ca.pem", x509::certificate_pem(*certificate));
  return Authority{std::move(*key), std::move(*certificate)};
}

Result<void> write_leaf(ProjectWriter& writer, const Authority& ca, const std::string& name,
                        const x509::CertificateSpec& spec) {
  const auto key = x509::PrivateKey::make_ec();
  if (!key) return Error{key.error()};
  const auto certificate = x509::issue(spec, *key, ca.certificate, ca.key);
  if (!certificate) return Error{certificate.error()};
  writer.file(fmt::format("tls/{}.pem", name), x509::certificate_pem(*certificate));
  writer.secret(fmt::format("tls/{}.key", name), key->pem());
  return {};
}

Result<void> write_tls(ProjectWriter& writer, const Authority& ca, Timestamp now) {
  const Timestamp since = now - std::chrono::hours{1};
  if (auto done = write_leaf(writer, ca, "redis-server",
                             x509::proper_server({"redis", "localhost"}, {}, since, kLeafDays));
      !done)
    return done;
  for (const char* client : {"backend", "worker", "auditor"})
    if (auto done = write_leaf(writer, ca, client, x509::proper_client(client, since, kLeafDays));
        !done)
      return done;
  return {};
}

// An application's rights: its keys, data commands, nothing that administers.
std::string application(std::string_view name, const std::string& password) {
  return fmt::format(
      "user {} on #{} resetchannels ~app:* -@all +@read +@write +@connection -@dangerous\n", name,
      sha256_hex(password));
}

std::string users_file(const Passwords& passwords) {
  std::string text = "user default off resetpass resetkeys resetchannels -@all\n";
  text += application("backend", passwords.backend);
  text += application("worker", passwords.worker);
  text += fmt::format("user auditor on #{} resetkeys resetchannels -@all",
                      sha256_hex(passwords.auditor));
  for (const redis::ScanCommand& command : redis::kScanCommands)
    if (command.to == redis::SentTo::every_server) text += fmt::format(" {}", command.rule);
  return text + "\n";
}

std::string filled(std::string_view content, std::string_view mark, std::string_view value) {
  std::string text{content};
  for (std::size_t at = text.find(mark); at != std::string::npos;
       at = text.find(mark, at + value.size()))
    text.replace(at, mark.size(), value);
  return text;
}

void write_files(ProjectWriter& writer, const Listener& listener, const Passwords& passwords) {
  writer.templated("redis.conf",
                   filled(filled(hardened::kRedisConf, "{address}", listener.address), "{port}",
                          std::to_string(listener.port)),
                   0640);
  writer.templated("docker-compose.yml", hardened::kCompose);
  writer.templated("backend/.env", filled(hardened::kBackendEnv, "{password}", passwords.backend),
                   0600);
  writer.templated("worker/.env", filled(hardened::kWorkerEnv, "{password}", passwords.worker),
                   0600);
  writer.file("backend/package.json", hardened::kBackendPackage);
  writer.file("worker/requirements.txt", hardened::kWorkerRequirements);
  writer.file("users.acl", users_file(passwords), 0600);
  writer.file(".gitignore", hardened::kGitignore);
  writer.templated("ops/systemd/redis-certificate-renew.service", hardened::kRenewService);
  writer.templated("ops/systemd/redis-certificate-renew.timer", hardened::kRenewTimer);
  writer.templated("ops/systemd/redis-tls-audit.service", hardened::kAuditService);
  writer.templated("ops/systemd/redis-tls-audit.timer", hardened::kAuditTimer);
  writer.templated("ops/systemd/redis-exporter.service", hardened::kExporterService);
  writer.file("ops/prometheus/redis-tls.rules.yml", hardened::kPrometheusRules);
  writer.file("ops/prometheus/prometheus.yml", hardened::kPrometheusScrape);
  writer.templated("ops/logrotate.d/redis", hardened::kLogrotate);
  writer.templated("ops/fluent-bit/fluent-bit.conf", hardened::kFluentBit);
  writer.file("log/redis-server.log", "", 0640);
  writer.commit_all("Run Redis with verified TLS and named users");
}

}  // namespace

Result<Operator> write_hardened_project(ProjectWriter& writer, Timestamp now,
                                        const Listener& listener, const Progress& progress) {
  progress("making a CA, and P-256 keys for the server and its clients");
  const auto ca = make_authority(writer, now);
  if (!ca) return Error{ca.error()};
  if (auto done = write_tls(writer, *ca, now); !done) return std::move(done).error();
  const Passwords passwords{make_password(), make_password(), make_password()};
  write_files(writer, listener, passwords);
  if (auto done = writer.result(); !done) return std::move(done).error();
  // Only the account that runs Redis and the applications may enter.
  ::chmod((writer.root() + "/tls").c_str(), 0700);
  const std::string tls = writer.root() + "/tls/";
  return Operator{"auditor",           passwords.auditor,   tls + "redis-ca.pem",
                  tls + "auditor.pem", tls + "auditor.key", {tls + "redis-ca.pem"}};
}

}  // namespace rta::demo
