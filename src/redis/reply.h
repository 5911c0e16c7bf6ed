// Reply is one RESP2 reply as a value, and ReplyReader makes it from bytes:
// RespGuard first, hiredis behind it. Two replies can be far longer than the
// rest and are handed on piece by piece instead of being kept: CLIENT LIST
// line by line, ACL LOG entry by entry. Not thread-safe.
#pragma once

#include <redis_tls_audit/bytes.h>
#include <redis_tls_audit/result.h>

#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "redis/resp_guard.h"

namespace rta::redis {

struct Reply {
  enum class Kind { status, error, integer, bulk, nil, array };
  Kind kind = Kind::nil;
  std::string text;  // of a status, error or bulk string, as received
  std::int64_t integer = 0;
  std::vector<Reply> elements;

  [[nodiscard]] bool is_error() const { return kind == Kind::error; }
  [[nodiscard]] bool is_text() const { return kind == Kind::bulk || kind == Kind::status; }
  [[nodiscard]] bool is_array() const { return kind == Kind::array; }
  bool operator==(const Reply&) const = default;
};

// Parses exactly one reply that fills `bytes`.
Result<Reply> parse_reply(ByteView bytes, RespLimits limits = {});

// How a reply is expected to come. A reply of another shape (an error, say) is
// read whole.
enum class ReplyShape {
  whole,    // kept, and given by reply()
  lines,    // a bulk string: every line goes to the line sink
  entries,  // an array: every element goes to the entry sink
};

struct ReplySinks {
  std::function<void(std::string_view)> line = [](std::string_view) {};
  std::function<void(Reply)> entry = [](const Reply&) {};
};

class ReplyReader {
 public:
  explicit ReplyReader(ReplyShape shape = ReplyShape::whole, ReplySinks sinks = {},
                       RespLimits limits = {}, std::size_t streamed = limits::kRespStreamed);

  // Reads further bytes and says how many of them belong to this reply.
  std::size_t feed(ByteView bytes);

  [[nodiscard]] bool done() const { return state_ == State::done; }
  // The limit on streamed bytes was reached: the sinks have seen the beginning
  // only, and the connection cannot be used any more.
  [[nodiscard]] bool truncated() const { return state_ == State::truncated; }
  // Why the reply cannot be read; null while it can.
  [[nodiscard]] const Gap* failure() const { return failure_ ? &*failure_ : nullptr; }
  // Of a reply that was read whole; nil after a streamed one.
  [[nodiscard]] const Reply& reply() const { return reply_; }
  [[nodiscard]] bool streamed() const { return mode_ == Mode::lines || mode_ == Mode::entries; }

 private:
  enum class State { reading, done, truncated, failed };
  enum class Mode { undecided, header, whole, lines, entries };

  std::size_t step(ByteView bytes);
  std::size_t read_header(ByteView bytes);
  std::size_t read_whole(ByteView bytes);
  std::size_t read_lines(ByteView bytes);
  std::size_t read_entries(ByteView bytes);
  void begin_streaming();
  void take_line_bytes(std::string_view text);
  void fail(Gap gap);

  ReplyShape shape_;
  ReplySinks sinks_;
  RespLimits limits_;
  std::size_t streamed_limit_;
  State state_ = State::reading;
  Mode mode_ = Mode::undecided;
  RespGuard guard_;
  Bytes buffer_;        // of the reply or entry being read
  std::string header_;  // "$123" or "*9" of a streamed reply
  std::string line_;
  std::uint64_t left_ = 0;  // bytes of the string with its CR LF, or entries
  std::size_t received_ = 0;
  Reply reply_;
  std::optional<Gap> failure_;
};

}  // namespace rta::redis
