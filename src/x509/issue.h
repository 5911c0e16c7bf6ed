// Certificates made in this process: for the demonstration, for the stand-in
// of a rehearsed server, and for the PKI of every test. The specification uses
// the words of an `openssl x509 -extfile`. Nothing is written; any thread.
//
//   const PrivateKey ca_key = *PrivateKey::make_ec();
//   const Bytes ca = *self_sign(proper_ca("Test CA", now, 365), ca_key);
//   const PrivateKey key = *PrivateKey::make_ec();
//   const Bytes leaf = *issue(proper_server({"redis"}, {"127.0.0.1"}, now, 90),
//                             key, ca, ca_key);
//   write(certificate_pem(leaf)); write(key.pem().expose());   // mode 0600
#pragma once

#include <redis_tls_audit/bytes.h>
#include <redis_tls_audit/result.h>
#include <redis_tls_audit/time.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "x509/key.h"

namespace rta::x509 {

struct CertificateSpec {
  // "C", "ST", "L", "O", "CN" and their values, in order.
  std::vector<std::pair<std::string, std::string>> subject;
  Timestamp not_before;
  Timestamp not_after;
  std::optional<std::uint64_t> serial;  // absent: 127 random bits
  int version = 3;                      // 1: extensions are left out
  std::string digest = "SHA256";        // of the signature; Ed25519 has its own
  // In the words of x509v3_config(5): {"basicConstraints", "critical,CA:FALSE"},
  // {"subjectAltName", "DNS:redis,IP:127.0.0.1"}, {"2.5.29.17", "DER:3000"}.
  std::vector<std::pair<std::string, std::string>> extensions;

  CertificateSpec& extension(std::string name, std::string value);  // adds or replaces
  CertificateSpec& without(std::string_view name);
};

// What the setup guide's openssl commands make: a CA by `req -new -x509 -days
// 3650` and leaves of version 1 by `x509 -req -set_serial`, all under
// /C=US/ST=State/L=City/O=Organization.
CertificateSpec guide_ca(Timestamp not_before, std::string common_name = "Redis-CA");
CertificateSpec guide_leaf(Timestamp not_before, std::string common_name, std::uint64_t serial);

// What this program itself asks for.
CertificateSpec proper_ca(std::string common_name, Timestamp not_before, int days,
                          std::optional<int> path_length = 0);
// Names outside [A-Za-z0-9.*_:-] are left out: they may come from a project.
CertificateSpec proper_server(const std::vector<std::string>& dns_names,
                              const std::vector<std::string>& addresses, Timestamp not_before,
                              int days);
CertificateSpec proper_client(std::string common_name, Timestamp not_before, int days);

// DER. The certificate is for the public half of `key`.
Result<Bytes> self_sign(const CertificateSpec& spec, const PrivateKey& key);
Result<Bytes> issue(const CertificateSpec& spec, const PrivateKey& key, ByteView issuer_certificate,
                    const PrivateKey& issuer_key);

std::string certificate_pem(ByteView der);

}  // namespace rta::x509
