// PrivateKey is a key pair in memory: made here, or read from a file whose
// bytes the caller holds. Its text form is a Secret; the caller writes it
// with mode 0600. Making keys asks OpenSSL for randomness; nothing else here
// touches the world. Any thread.
#pragma once

#include <redis_tls_audit/bytes.h>
#include <redis_tls_audit/result.h>
#include <redis_tls_audit/secret.h>

#include <memory>
#include <string>
#include <string_view>

struct evp_pkey_st;

namespace rta::x509 {

struct KeyDeleter {
  void operator()(evp_pkey_st* key) const;
};
using KeyHandle = std::unique_ptr<evp_pkey_st, KeyDeleter>;

class PrivateKey {
 public:
  explicit PrivateKey(KeyHandle key) : key_(std::move(key)) {}

  static Result<PrivateKey> make_rsa(int bits);
  static Result<PrivateKey> make_ec(const std::string& curve = "P-256");
  static Result<PrivateKey> make_ed25519();
  // PKCS#8, PKCS#1 or SEC 1 in DER, without encryption.
  static Result<PrivateKey> from_der(ByteView der);

  // PKCS#8, as `openssl genrsa` and `openssl genpkey` write it.
  [[nodiscard]] Secret pem() const;
  [[nodiscard]] Secret encrypted_pem(std::string_view passphrase) const;
  [[nodiscard]] std::string kind() const;  // "RSA", "EC", "ED25519", ...
  [[nodiscard]] int bits() const;
  [[nodiscard]] std::string spki_sha256() const;  // lower-case hex

  [[nodiscard]] evp_pkey_st* get() const { return key_.get(); }

 private:
  KeyHandle key_;
};

}  // namespace rta::x509
