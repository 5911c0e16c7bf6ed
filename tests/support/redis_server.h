// RedisFixture is a real redis-server with a PKI made for it: on a loopback
// address of its own, in a directory of its own, ended by its process id.
//
//   if (!RedisFixture::available()) return;   // says so
//   RedisFixture redis{{.auth_clients = "optional", .password = "a password"}};
//   engine.run(survey, redis.tls());
#pragma once

#include <redis_tls_audit/bytes.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/process.h"
#include "net/address.h"
#include "tests/support/temporary_directory.h"

namespace rta::testing {

struct RedisOptions {
  bool tls = true;
  bool plaintext = false;                       // a plaintext listener as well
  std::string auth_clients = "no";              // tls-auth-clients
  std::string password;                         // requirepass
  std::vector<std::string> directives;          // further lines of redis.conf
  std::vector<std::string> dns_names{"redis"};  // of its certificate, beside its address
  std::string key = "P-256";                    // or "RSA-2048", "RSA-4096", "Ed25519"
  int days = 90;                                // of its certificate
};

class RedisFixture {
 public:
  explicit RedisFixture(const RedisOptions& options = {});
  ~RedisFixture();

  // redis-server is installed; a message says when it is not.
  static bool available();

  [[nodiscard]] const net::Address& tls() const { return tls_; }
  [[nodiscard]] const net::Address& plaintext() const { return plaintext_; }

  // Files, as redis.conf and an application would name them.
  [[nodiscard]] const TemporaryDirectory& directory() const { return directory_; }
  [[nodiscard]] std::string conf_path() const { return directory_ / "redis.conf"; }
  [[nodiscard]] std::string ca_path() const { return directory_ / "ca.crt"; }
  [[nodiscard]] std::string certificate_path() const { return directory_ / "redis.crt"; }
  [[nodiscard]] std::string client_certificate_path() const { return directory_ / "client.crt"; }
  [[nodiscard]] std::string client_key_path() const { return directory_ / "client.key"; }

  [[nodiscard]] const Bytes& ca() const { return ca_; }                    // DER
  [[nodiscard]] const Bytes& certificate() const { return certificate_; }  // DER
  // What the server has logged so far.
  [[nodiscard]] std::string log();

 private:
  void make_pki(const RedisOptions& options);
  void write_configuration(const RedisOptions& options) const;
  void start();

  TemporaryDirectory directory_;
  net::Address tls_, plaintext_;
  Bytes ca_, certificate_;
  std::optional<ChildProcess> process_;
};

}  // namespace rta::testing
