// ServerHello and HelloRetryRequest (RFC 8446 4.1.3, 4.1.4; RFC 5246 7.4.1.3).
// Pure; any thread.
#pragma once

#include <redis_tls_audit/facts/tls.h>
#include <redis_tls_audit/result.h>

#include <optional>
#include <vector>

#include "tls/client_hello.h"

namespace rta::tls {

// RFC 8446 4.1.3: the last bytes of Random tell a client that the server could
// have spoken a newer version.
enum class DowngradeSentinel { absent, to_tls12, to_tls11_or_below };

struct ServerHello {
  std::uint16_t legacy_version = 0;
  std::uint16_t version = 0;  // the one negotiated
  Bytes random;
  Bytes session_id;
  CipherSuite suite = 0;
  std::uint8_t compression = 0;
  std::vector<Extension> extensions;
  bool is_hello_retry_request = false;
  std::optional<NamedGroup> group;  // of key_share, TLS 1.3
  Bytes key_share;                  // the server's public value
  DowngradeSentinel sentinel = DowngradeSentinel::absent;

  [[nodiscard]] const Extension* extension(std::uint16_t type) const;
};

// Reads the body of a ServerHello message.
Result<ServerHello> parse_server_hello(ByteView body);

}  // namespace rta::tls
