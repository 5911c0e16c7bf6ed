// Expands an OpenSSL cipher string as the OpenSSL of this program understands
// it. What a server with another OpenSSL, or one key type, offers may differ:
// the wire decides. Pure (no connection, no openssl.cnf); any thread.
#pragma once

#include <redis_tls_audit/facts/tls.h>
#include <redis_tls_audit/result.h>

#include <optional>
#include <string>
#include <vector>

namespace rta::tls {

// The suites up to TLS 1.2 in order; TLS 1.3 suites have a setting of their own.
Result<std::vector<CipherSuite>> expand_cipher_string(const std::string& text);

// How a cipher string is built, from its words alone.
struct CipherStringShape {
  // Starts from a list that the library defines: DEFAULT, ALL, HIGH, MEDIUM,
  // COMPLEMENTOFALL, COMPLEMENTOFDEFAULT, LOW; the first one that stands there.
  std::string broad_keyword;
  std::optional<int> security_level;      // @SECLEVEL=n, the last one
  std::vector<std::string> enables_weak;  // eNULL, aNULL, EXPORT and their like, when not excluded
};
CipherStringShape shape_of_cipher_string(const std::string& text);

// Kinds of key that a server may hold; what of an expansion it can then use.
bool usable_with_key(CipherSuite suite, bool has_rsa_key, bool has_ecdsa_key);

}  // namespace rta::tls
