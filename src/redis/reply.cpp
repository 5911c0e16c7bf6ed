#include "redis/reply.h"

#include <hiredis/read.h>

#include <memory>

#include "base/text.h"

namespace rta::redis {
namespace {

// hiredis builds into Reply values that live in their parent's vector, so that
// nothing has to be freed: the "object" that it passes around is a Reply*.
Reply* place_of(const redisReadTask* task) {
  if (task->parent == nullptr) return static_cast<Reply*>(task->privdata);
  Reply* parent = static_cast<Reply*>(task->parent->obj);
  return &parent->elements[static_cast<std::size_t>(task->idx)];
}

void* create_string(const redisReadTask* task, char* text, std::size_t size) {
  Reply* reply = place_of(task);
  reply->kind = task->type == REDIS_REPLY_ERROR    ? Reply::Kind::error
                : task->type == REDIS_REPLY_STATUS ? Reply::Kind::status
                                                   : Reply::Kind::bulk;
  reply->text.assign(text, size);
  return reply;
}

void* create_array(const redisReadTask* task, int count) {
  Reply* reply = place_of(task);
  reply->kind = Reply::Kind::array;
  reply->elements.resize(static_cast<std::size_t>(count));
  return reply;
}

void* create_integer(const redisReadTask* task, long long value) {
  Reply* reply = place_of(task);
  reply->kind = Reply::Kind::integer;
  reply->integer = value;
  return reply;
}

void* create_nil(const redisReadTask* task) {
  Reply* reply = place_of(task);
  reply->kind = Reply::Kind::nil;
  return reply;
}

void free_object(void*) {}

// For bytes that RespGuard has found complete only.
Result<Reply> read_with_hiredis(ByteView bytes) {
  static redisReplyObjectFunctions functions{create_string, create_array, create_integer,
                                             create_nil, free_object};
  Reply root;
  const std::unique_ptr<redisReader, decltype(&redisReaderFree)> reader{
      redisReaderCreateWithFunctions(&functions), redisReaderFree};
  if (!reader) return Error{"out of memory for a reply", "", ""};
  reader->privdata = &root;
  void* object = nullptr;
  const std::string text{as_text(bytes)};
  if (redisReaderFeed(reader.get(), text.data(), text.size()) != REDIS_OK ||
      redisReaderGetReply(reader.get(), &object) != REDIS_OK || object == nullptr)
    return Error{"the reply cannot be read: " + printable(reader->errstr, 120), "", ""};
  return root;
}

}  // namespace

Result<Reply> parse_reply(ByteView bytes, RespLimits limits) {
  RespGuard guard{limits};
  const std::size_t used = guard.scan(bytes);
  if (const Gap* refusal = guard.refusal()) return Error{refusal->detail, "", ""};
  if (!guard.complete()) return Error{"the reply ends too early", "", ""};
  if (used != bytes.size()) return Error{"bytes follow the reply", "", ""};
  return read_with_hiredis(bytes);
}

ReplyReader::ReplyReader(ReplyShape shape, ReplySinks sinks, RespLimits limits,
                         std::size_t streamed)
    : shape_(shape),
      sinks_(std::move(sinks)),
      limits_(limits),
      streamed_limit_(streamed),
      guard_(limits) {}

std::size_t ReplyReader::feed(ByteView bytes) {
  std::size_t used = 0;
  while (used < bytes.size() && state_ == State::reading) {
    const std::size_t taken = step(bytes.subspan(used));
    used += taken;
    received_ += taken;
    if (state_ == State::reading && streamed() && received_ > streamed_limit_)
      state_ = State::truncated;
  }
  return used;
}

std::size_t ReplyReader::step(ByteView bytes) {
  switch (mode_) {
    case Mode::undecided: {
      const auto first = static_cast<char>(bytes.front());
      const bool streams = (shape_ == ReplyShape::lines && first == '$') ||
                           (shape_ == ReplyShape::entries && first == '*');
      mode_ = streams ? Mode::header : Mode::whole;
      return 0;
    }
    case Mode::header:
      return read_header(bytes);
    case Mode::whole:
      return read_whole(bytes);
    case Mode::lines:
      return read_lines(bytes);
    case Mode::entries:
      return read_entries(bytes);
  }
  return bytes.size();
}

// "$<bytes>\r\n" or "*<entries>\r\n"; 32 bytes hold every 64-bit number.
std::size_t ReplyReader::read_header(ByteView bytes) {
  std::size_t used = 0;
  while (used < bytes.size()) {
    header_.push_back(static_cast<char>(bytes[used++]));
    if (header_.ends_with("\r\n")) {
      begin_streaming();
      return used;
    }
    if (header_.size() > 32) {
      fail({GapReason::malformed, "the length of the reply is not a number", ""});
      return used;
    }
  }
  return used;
}

void ReplyReader::begin_streaming() {
  const std::string_view digits = std::string_view{header_}.substr(1, header_.size() - 3);
  const std::optional<std::int64_t> length = parse_resp_integer(digits);
  if (!length || *length < -1)
    return fail({GapReason::malformed,
                 "the length of the reply is not a number: " + printable(digits, 40), ""});
  const bool is_bulk = header_.front() == '$';
  mode_ = is_bulk ? Mode::lines : Mode::entries;
  left_ = *length < 0 ? 0 : static_cast<std::uint64_t>(*length);
  if (is_bulk && *length >= 0) left_ += 2;
  if (left_ == 0) state_ = State::done;
}

std::size_t ReplyReader::read_whole(ByteView bytes) {
  const std::size_t used = guard_.scan(bytes);
  if (const Gap* refusal = guard_.refusal()) {
    fail(*refusal);
    return used;
  }
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(used));
  if (!guard_.complete()) return used;
  Result<Reply> reply = read_with_hiredis(buffer_);
  buffer_.clear();
  if (!reply) {
    fail({GapReason::malformed, reply.error().what, ""});
    return used;
  }
  reply_ = std::move(*reply);
  state_ = State::done;
  return used;
}

// The text and, as its last two bytes, the CR LF behind it.
std::size_t ReplyReader::read_lines(ByteView bytes) {
  if (left_ > 2) {
    const auto used = static_cast<std::size_t>(std::min<std::uint64_t>(left_ - 2, bytes.size()));
    left_ -= used;
    take_line_bytes(as_text(bytes.first(used)));
    return used;
  }
  const auto wanted = static_cast<std::uint8_t>(left_ == 2 ? '\r' : '\n');
  if (bytes.front() != wanted) {
    fail({GapReason::malformed, "a string of the reply is not followed by CR LF", ""});
    return 1;
  }
  if (--left_ == 0) {
    if (!line_.empty()) sinks_.line(line_);
    line_.clear();
    state_ = State::done;
  }
  return 1;
}

void ReplyReader::take_line_bytes(std::string_view text) {
  while (!text.empty() && state_ == State::reading) {
    const std::size_t end = text.find('\n');
    const std::string_view piece = text.substr(0, end);
    if (line_.size() + piece.size() > limits_.line)
      return fail({GapReason::too_large,
                   fmt::format("a line of the reply is longer than {} bytes", limits_.line), ""});
    line_.append(piece);
    if (end == std::string_view::npos) return;
    if (!line_.empty()) sinks_.line(line_);
    line_.clear();
    text.remove_prefix(end + 1);
  }
}

std::size_t ReplyReader::read_entries(ByteView bytes) {
  const std::size_t used = guard_.scan(bytes);
  if (const Gap* refusal = guard_.refusal()) {
    fail(*refusal);
    return used;
  }
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(used));
  if (!guard_.complete()) return used;
  Result<Reply> entry = read_with_hiredis(buffer_);
  buffer_.clear();
  guard_ = RespGuard{limits_};
  if (!entry) {
    fail({GapReason::malformed, entry.error().what, ""});
    return used;
  }
  sinks_.entry(std::move(*entry));
  if (--left_ == 0) state_ = State::done;
  return used;
}

void ReplyReader::fail(Gap gap) {
  state_ = State::failed;
  failure_ = std::move(gap);
}

}  // namespace rta::redis
