// Reads the lines of a redis-server's log file:
//   12345:M 26 Nov 2026 17:57:34.123 # Error accepting a client connection: ...
// Only times, process numbers and OpenSSL's words for failed handshakes are
// taken out. Pure; any thread.
#pragma once

#include <redis_tls_audit/facts/server_log.h>

#include <optional>
#include <string_view>

namespace rta {

struct RedisLogWindow {
  // When the file was last written: the instant of its newest line.
  Timestamp modified;
  // Failures from here on are an audit's own and are not counted.
  Timestamp before;
};

// Fills lines, oldest, newest, process_started, process_id and
// handshake_failures. A first line that is cut off is skipped by its looks.
void read_redis_log(std::string_view text, const RedisLogWindow& window, ServerLog& log);

}  // namespace rta
