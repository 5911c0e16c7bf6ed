// SSL 2.0 hellos, for finding servers that still speak it (RFC 6176 forbids
// it; the layout is Hickman's "The SSL Protocol", 1995). Pure; any thread.
#pragma once

#include <redis_tls_audit/bytes.h>
#include <redis_tls_audit/result.h>

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace rta::tls {

struct Ssl2Kind {
  std::uint32_t code;
  std::string_view name;
};

std::span<const Ssl2Kind> all_ssl2_kinds();
std::string_view ssl2_kind_name(std::uint32_t kind);  // empty: unknown

struct Ssl2ServerHello {
  std::uint16_t version = 0;
  std::uint8_t certificate_type = 0;
  Bytes certificate;
  std::vector<std::uint32_t> kinds;
};

// The whole message with its two-byte header. `challenge` is 16 bytes.
Bytes write_ssl2_client_hello(std::span<const Ssl2Kind> kinds, ByteView challenge);

// SSL 2.0 answers begin with a length whose top bit is set, then the type.
bool looks_like_ssl2(ByteView bytes);
// Empty optional: more bytes are needed.
Result<std::optional<Ssl2ServerHello>> parse_ssl2_server_hello(ByteView bytes);

}  // namespace rta::tls
