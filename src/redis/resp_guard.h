// RespGuard looks at the bytes of one RESP2 reply before any reader does and
// refuses what is too long, too deep, too many or not RESP2. hiredis 0.14
// reserves memory for what a peer announces and is quadratic on a line without
// an end; behind this guard it sees complete, bounded replies only. Time and
// memory are linear in the bytes received. Not thread-safe.
#pragma once

#include <redis_tls_audit/bytes.h>
#include <redis_tls_audit/limits.h>
#include <redis_tls_audit/observation.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rta::redis {

struct RespLimits {
  std::size_t total = limits::kRespReply;
  std::size_t line = limits::kRespLine;
  std::size_t elements = limits::kRespElements;
  std::size_t depth = limits::kRespDepth;
};

class RespGuard {
 public:
  explicit RespGuard(RespLimits limits = {}) : limits_(limits) {}

  // Looks at further bytes and says how many of them belong to this reply:
  // fewer than given only when the reply is complete or refused.
  std::size_t scan(ByteView bytes);

  [[nodiscard]] bool complete() const { return state_ == State::complete; }
  // Why the reply is refused; null while it is not. Nothing after a refusal
  // can be understood: the connection has to be given up.
  [[nodiscard]] const Gap* refusal() const { return refusal_ ? &*refusal_ : nullptr; }

 private:
  enum class State { line, bulk, complete, refused };

  std::size_t scan_line(ByteView bytes);
  std::size_t scan_bulk(ByteView bytes);
  void end_of_line();
  void begin_bulk(std::int64_t length);
  void begin_array(std::int64_t count);
  void element_done();
  void refuse(GapReason reason, std::string detail);

  RespLimits limits_;
  State state_ = State::line;
  std::string line_;  // type byte and text of the line so far, without CR LF
  bool after_cr_ = false;
  std::size_t bulk_left_ = 0;        // bytes of the bulk string and its CR LF to come
  std::vector<std::uint64_t> open_;  // elements still missing, per open array
  std::size_t received_ = 0;
  std::size_t elements_ = 0;  // announced by all arrays together
  std::optional<Gap> refusal_;
};

// The number of a `:`, `$` or `*` line: an optional minus sign and digits
// that fit 64 bits.
std::optional<std::int64_t> parse_resp_integer(std::string_view text);

}  // namespace rta::redis
