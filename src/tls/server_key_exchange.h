// ServerKeyExchange of TLS <= 1.2 (RFC 5246 7.4.3, RFC 8422 5.4, RFC 4279):
// the ephemeral parameters and the signature's scheme. Pure; any thread.
#pragma once

#include <redis_tls_audit/facts/tls.h>
#include <redis_tls_audit/result.h>

#include <optional>

namespace rta::tls {

struct ServerKeyExchange {
  // Finite field: prime, generator, public value. Elliptic: group, point.
  Bytes prime;
  Bytes generator;
  std::optional<NamedGroup> group;
  bool explicit_curve = false;  // curve parameters written out; nothing more is read
  Bytes public_value;
  // TLS 1.2, signed exchanges only.
  std::optional<SignatureScheme> scheme;

  [[nodiscard]] bool is_finite_field() const { return !prime.empty(); }
};

// The suite chosen tells the layout. A suite without such a message (static
// RSA outside export) or of an exchange that we do not read is an Error.
Result<ServerKeyExchange> parse_server_key_exchange(ByteView body, CipherSuite suite,
                                                    std::uint16_t version);

// Number of significant bits of a big-endian number.
int bit_length(ByteView number);

}  // namespace rta::tls
