// SHA-256 and what is made of it. Pure; any thread.
#pragma once

#include <redis_tls_audit/bytes.h>

#include <string>
#include <string_view>

namespace rta {

Bytes sha256(ByteView bytes);
std::string sha256_hex(ByteView bytes);
std::string sha256_hex(std::string_view text);
// RFC 9562 5.5 over our own namespace.
std::string uuid_v5(std::string_view name);

}  // namespace rta
