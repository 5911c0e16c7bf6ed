// The guide's project: every file as the guide gives it, certificates as its
// commands would make them.
#include <future>

#include "demo/guide_files.h"
#include "demo/project.h"
#include "x509/issue.h"

namespace rta::demo {
namespace {

constexpr int kRsaBits = 4096;

struct GuideKeys {
  x509::PrivateKey ca, server, client;
};

// Three RSA-4096 keys take seconds; two processors halve them.
Result<GuideKeys> make_keys() {
  auto ca = std::async(std::launch::async, [] { return x509::PrivateKey::make_rsa(kRsaBits); });
  auto client = std::async(std::launch::async, [] { return x509::PrivateKey::make_rsa(kRsaBits); });
  auto server_key = x509::PrivateKey::make_rsa(kRsaBits);
  auto ca_key = ca.get();
  auto client_key = client.get();
  if (!ca_key) return std::move(ca_key).error();
  if (!server_key) return std::move(server_key).error();
  if (!client_key) return std::move(client_key).error();
  return GuideKeys{std::move(*ca_key), std::move(*server_key), std::move(*client_key)};
}

Result<void> write_certificates(ProjectWriter& writer, Timestamp now, const GuideKeys& keys) {
  const auto ca = x509::self_sign(x509::guide_ca(now), keys.ca);
  if (!ca) return Error{ca.error()};
  const auto server = x509::issue(x509::guide_leaf(now, "localhost", 1), keys.server, *ca, keys.ca);
  if (!server) return Error{server.error()};
  const auto client =
      x509::issue(x509::guide_leaf(now, "redis-client", 2), keys.client, *ca, keys.ca);
  if (!client) return Error{client.error()};
  writer.file("certs/redis/ca-cert.pem", x509::certificate_pem(*ca));
  writer.file("certs/redis/redis-server-cert.pem", x509::certificate_pem(*server));
  writer.file("certs/redis/redis-client-cert.pem", x509::certificate_pem(*client));
  // OpenSSL writes keys with mode 0600; the guide's own chmod matches none of them.
  writer.secret("certs/redis/ca-key.pem", keys.ca.pem());
  writer.secret("certs/redis/redis-server-key.pem", keys.server.pem());
  writer.secret("certs/redis/redis-client-key.pem", keys.client.pem());
  return {};
}

}  // namespace

Result<Operator> write_guide_project(ProjectWriter& writer, Timestamp now,
                                     const Progress& progress) {
  progress("making three RSA-4096 keys, as the guide says");
  const auto keys = make_keys();
  if (!keys) return Error{keys.error()};
  if (auto written = write_certificates(writer, now, *keys); !written)
    return std::move(written).error();
  writer.templated("redis.conf", guide::kRedisConf);
  writer.file("docker-compose.yml", guide::kCompose);
  writer.file("backend/.env", guide::kBackendEnv);
  writer.file("backend/package.json", guide::kBackendPackage);
  writer.file("worker/.env", guide::kWorkerEnv);
  writer.file("worker/requirements.txt", guide::kWorkerRequirements);
  writer.file("scripts/make-certificates.sh", guide::kCertificateScript, 0755);
  writer.file("scripts/create-elasticache.sh", guide::kElastiCacheScript, 0755);
  writer.file("docs/monitoring.md", guide::kMonitoringDocument);
  writer.file(".gitignore", guide::kGitignore);
  writer.commit_all("Enable Redis TLS");
  if (auto done = writer.result(); !done) return std::move(done).error();
  return Operator{};
}

}  // namespace rta::demo
