#include "redis/resp_guard.h"

#include <charconv>

#include "base/text.h"

namespace rta::redis {

std::optional<std::int64_t> parse_resp_integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || text == "-" || error != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return value;
}

std::size_t RespGuard::scan(ByteView bytes) {
  std::size_t used = 0;
  while (used < bytes.size() && (state_ == State::line || state_ == State::bulk)) {
    const ByteView rest = bytes.subspan(used);
    const std::size_t taken = state_ == State::line ? scan_line(rest) : scan_bulk(rest);
    used += taken;
    received_ += taken;
    if (received_ > limits_.total)
      refuse(GapReason::too_large, fmt::format("the reply is longer than {} bytes", limits_.total));
  }
  return used;
}

std::size_t RespGuard::scan_line(ByteView bytes) {
  std::size_t used = 0;
  while (used < bytes.size() && state_ == State::line) {
    const auto byte = static_cast<char>(bytes[used++]);
    if (after_cr_) {
      if (byte != '\n') {
        refuse(GapReason::malformed, "a carriage return stands inside a line of the reply");
        return used;
      }
      after_cr_ = false;
      end_of_line();
      return used;
    }
    if (byte == '\r') {
      after_cr_ = true;
    } else if (byte == '\n') {
      refuse(GapReason::malformed, "a line of the reply ends without a carriage return");
    } else if (line_.size() >= limits_.line) {
      refuse(GapReason::too_large,
             fmt::format("a line of the reply is longer than {} bytes", limits_.line));
    } else {
      if (line_.empty() && std::string_view{"+-:$*"}.find(byte) == std::string_view::npos)
        refuse(GapReason::malformed, "the reply is not RESP2: it begins with '" +
                                         printable(std::string_view{&byte, 1}) + "'");
      line_.push_back(byte);
    }
  }
  return used;
}

std::size_t RespGuard::scan_bulk(ByteView bytes) {
  std::size_t used = 0;
  while (used < bytes.size() && state_ == State::bulk) {
    if (bulk_left_ > 2) {
      const std::size_t taken = std::min(bulk_left_ - 2, bytes.size() - used);
      used += taken;
      bulk_left_ -= taken;
      continue;
    }
    const auto wanted = static_cast<std::uint8_t>(bulk_left_ == 2 ? '\r' : '\n');
    if (bytes[used++] != wanted) {
      refuse(GapReason::malformed, "a string of the reply is not followed by CR LF");
      return used;
    }
    if (--bulk_left_ == 0) {
      state_ = State::line;
      element_done();
    }
  }
  return used;
}

void RespGuard::end_of_line() {
  const std::string line = std::exchange(line_, {});
  if (line.empty()) return refuse(GapReason::malformed, "the reply holds an empty line");
  const char type = line.front();
  if (type == '+' || type == '-') return element_done();
  const std::optional<std::int64_t> number = parse_resp_integer(std::string_view{line}.substr(1));
  if (!number)
    return refuse(GapReason::malformed, "a number of the reply is not one: " + printable(line, 40));
  if (type == ':') return element_done();
  if (type == '$') return begin_bulk(*number);
  begin_array(*number);
}

void RespGuard::begin_bulk(std::int64_t length) {
  if (length == -1) return element_done();  // nil
  if (length < 0)
    return refuse(GapReason::malformed, "a string of the reply has a negative length");
  if (static_cast<std::uint64_t>(length) > limits_.total)
    return refuse(GapReason::too_large,
                  fmt::format("the reply announces a string of {} bytes; {} are accepted", length,
                              limits_.total));
  bulk_left_ = static_cast<std::size_t>(length) + 2;
  state_ = State::bulk;
}

void RespGuard::begin_array(std::int64_t count) {
  if (count == -1 || count == 0) return element_done();  // nil or empty
  if (count < 0) return refuse(GapReason::malformed, "an array of the reply has a negative length");
  // Nothing is reserved for what is only announced: the reply counts as
  // complete when every element was really received.
  if (static_cast<std::uint64_t>(count) > limits_.elements - elements_)
    return refuse(GapReason::too_large,
                  fmt::format("the reply announces more than {} elements", limits_.elements));
  if (open_.size() >= limits_.depth)
    return refuse(GapReason::too_large,
                  fmt::format("the reply nests deeper than {} arrays", limits_.depth));
  elements_ += static_cast<std::size_t>(count);
  open_.push_back(static_cast<std::uint64_t>(count));
}

void RespGuard::element_done() {
  while (!open_.empty() && --open_.back() == 0) open_.pop_back();
  if (open_.empty()) state_ = State::complete;
}

void RespGuard::refuse(GapReason reason, std::string detail) {
  if (state_ == State::refused) return;
  state_ = State::refused;
  refusal_ = Gap{reason, std::move(detail), ""};
}

}  // namespace rta::redis
