#include "tests/support/redis_server.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <thread>

#include "base/deadline.h"
#include "tests/support/loopback.h"
#include "x509/issue.h"

namespace rta::testing {
namespace {

x509::PrivateKey make_key(const std::string& kind) {
  if (kind == "Ed25519") return *x509::PrivateKey::make_ed25519();
  if (kind.starts_with("RSA-")) return *x509::PrivateKey::make_rsa(std::stoi(kind.substr(4)));
  return *x509::PrivateKey::make_ec(kind);
}

Timestamp now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace

bool RedisFixture::available() {
  if (find_redis_server()) return true;
  MESSAGE("skipped: no redis-server is installed");
  return false;
}

RedisFixture::RedisFixture(const RedisOptions& options) {
  const std::string ip = own_loopback_ip();
  if (options.tls) tls_ = free_address(ip);
  if (options.plaintext || !options.tls) plaintext_ = free_address(ip);
  make_pki(options);
  write_configuration(options);
  start();
}

RedisFixture::~RedisFixture() = default;

void RedisFixture::make_pki(const RedisOptions& options) {
  using namespace x509;
  const Timestamp yesterday = now() - std::chrono::days{1};
  const PrivateKey ca_key = *PrivateKey::make_ec();
  ca_ = *self_sign(proper_ca("Example CA of a test", yesterday, 365), ca_key);
  directory_.write("ca.crt", certificate_pem(ca_));
  const std::string ip = options.tls ? tls_.ip : plaintext_.ip;
  const PrivateKey key = make_key(options.key);
  certificate_ =
      *issue(proper_server(options.dns_names, {ip}, yesterday, options.days), key, ca_, ca_key);
  directory_.write("redis.crt", certificate_pem(certificate_));
  directory_.write("redis.key", key.pem().expose(), 0600);
  const PrivateKey client_key = *PrivateKey::make_ec();
  const Bytes client = *issue(proper_client("audit", yesterday, 90), client_key, ca_, ca_key);
  directory_.write("client.crt", certificate_pem(client));
  directory_.write("client.key", client_key.pem().expose(), 0600);
}

void RedisFixture::write_configuration(const RedisOptions& options) const {
  std::string text = fmt::format(
      "bind {}\nport {}\ntls-port {}\ndir {}\nsave \"\"\nappendonly no\ndaemonize no\n"
      "protected-mode no\nloglevel verbose\n",
      options.tls ? tls_.ip : plaintext_.ip, plaintext_.port, tls_.port, directory_.path());
  if (options.tls) {
    text += fmt::format(
        "tls-cert-file {0}/redis.crt\ntls-key-file {0}/redis.key\ntls-ca-cert-file {0}/ca.crt\n"
        "tls-auth-clients {1}\n",
        directory_.path(), options.auth_clients);
  }
  if (!options.password.empty()) text += fmt::format("requirepass \"{}\"\n", options.password);
  for (const std::string& line : options.directives) text += line + "\n";
  directory_.write("redis.conf", text, 0600);
}

void RedisFixture::start() {
  const auto program = find_redis_server();
  REQUIRE(program);
  ProcessSpec spec;
  spec.executable = program->executable;
  spec.argv = {program->argv0, conf_path()};
  spec.directory = directory_.path();
  Result<ChildProcess> started = ChildProcess::start(spec);
  REQUIRE_MESSAGE(started.has_value(), (started ? "" : started.error().text()));
  process_ = std::move(*started);
  const Deadline deadline = Deadline::after(std::chrono::seconds{20});
  // Not by connecting: a TLS server would log that as an error.
  while (!log().contains("Ready to accept connections")) {
    if (process_->exit_code() || deadline.passed()) FAIL("redis-server did not start: ", log());
    std::this_thread::sleep_for(std::chrono::milliseconds{5});  // readiness, not luck
  }
}

std::string RedisFixture::log() { return process_->read_output(); }

}  // namespace rta::testing
