// A trust anchor as the operator writes it: "public", a SHA-256 in hexadecimal
// (with colons, as openssl prints it, or without), or a file of certificates.
#pragma once

#include <redis_tls_audit/bytes.h>
#include <redis_tls_audit/result.h>

#include <string>
#include <vector>

namespace rta {

struct Anchor {
  bool public_store = false;
  std::string sha256;               // empty unless only a digest was given
  std::vector<Bytes> certificates;  // DER
};

// Fails for a file that cannot be read or holds no certificate.
Result<Anchor> read_anchor(const std::string& given);

}  // namespace rta
