#include "tls/record.h"

#include <redis_tls_audit/limits.h>

#include "base/byte_writer.h"
#include "base/text.h"

namespace rta::tls {
namespace {

constexpr std::size_t kHeader = 5;

bool is_content_type(std::uint8_t type) { return type >= 20 && type <= 24; }

std::size_t message_limit(std::uint8_t type) {
  return type == static_cast<std::uint8_t>(HandshakeType::certificate) ? limits::kCertificateChain
                                                                       : limits::kHandshakeMessage;
}

}  // namespace

void MessageStream::fail(State state, std::string problem) {
  state_ = state;
  problem_ = std::move(problem);
  pending_.clear();
  handshake_.clear();
}

void MessageStream::no_progress(std::string_view what) {
  if (++idle_records_ > limits::kRecordsWithoutProgress)
    fail(State::broken, fmt::format("more than {} records without progress ({})",
                                    limits::kRecordsWithoutProgress, what));
}

void MessageStream::feed(ByteView received) {
  received_ += received.size();
  const std::size_t room = kCaptureLimit - captured_.size();
  const ByteView kept = received.first(std::min(room, received.size()));
  captured_.insert(captured_.end(), kept.begin(), kept.end());
  if (state_ != State::reading) return;
  if (received_ > limits::kBytesPerProbe) {
    fail(State::broken, "the server sent more than 2 MiB");
    return;
  }
  pending_.insert(pending_.end(), received.begin(), received.end());
  while (state_ == State::reading && take_record()) {
  }
}

// True when a whole record was taken.
bool MessageStream::take_record() {
  if (pending_.empty()) return false;
  const bool first = taken_ == 0;
  const auto refuse = [&](std::string why) {
    fail(first ? State::foreign : State::broken,
         fmt::format("{}: {}", why, printable(as_text(ByteView{captured_}), 60)));
    return false;
  };
  if (!is_content_type(pending_[0])) return refuse("not a TLS record");
  if (pending_.size() >= 2 && pending_[1] != 3)
    return refuse("no TLS version in the record header");
  if (pending_.size() < kHeader) return false;
  ByteReader in{pending_};
  const ContentType type{in.u8()};
  const std::uint16_t version = in.u16();
  const std::size_t size = in.u16();
  if (size > limits::kTlsRecord) {
    fail(State::broken,
         fmt::format("a record of {} bytes, more than the 18432 that TLS allows", size));
    return false;
  }
  if (in.remaining() < size) return false;
  record_version_ = version;
  const Bytes fragment{pending_.begin() + kHeader,
                       pending_.begin() + static_cast<std::ptrdiff_t>(kHeader + size)};
  pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(kHeader + size));
  taken_ += kHeader + size;
  switch (type) {
    case ContentType::alert:
      take_alert(fragment);
      break;
    case ContentType::handshake:
      take_handshake(fragment);
      break;
    case ContentType::change_cipher_spec:
      no_progress("ChangeCipherSpec");
      break;
    case ContentType::application_data:
      no_progress("application data");
      break;
    case ContentType::heartbeat:
      no_progress("heartbeat");
      break;
  }
  return state_ == State::reading;
}

void MessageStream::take_alert(ByteView fragment) {
  alert_bytes_.insert(alert_bytes_.end(), fragment.begin(), fragment.end());
  if (fragment.empty()) no_progress("empty records");
  while (alert_bytes_.size() >= 2) {
    const Alert alert{alert_bytes_[0], alert_bytes_[1]};
    alert_bytes_.erase(alert_bytes_.begin(), alert_bytes_.begin() + 2);
    const bool ends = alert.level != 1 || alert.description == alerts::kCloseNotify;
    if (ends && !alert_) alert_ = alert;
    if (!ends) no_progress("warning alerts");
  }
}

void MessageStream::take_handshake(ByteView fragment) {
  if (fragment.empty()) {
    no_progress("empty records");
    return;
  }
  idle_records_ = 0;
  handshake_.insert(handshake_.end(), fragment.begin(), fragment.end());
  std::size_t used = 0;
  while (handshake_.size() - used >= 4) {
    ByteReader in{ByteView{handshake_}.subspan(used)};
    const std::uint8_t type = in.u8();
    const std::size_t size = in.u24();
    if (size > message_limit(type)) {
      fail(State::broken,
           fmt::format("a handshake message of {} bytes, more than we accept", size));
      return;
    }
    if (in.remaining() < size) break;
    const ByteView body = in.bytes(size);
    messages_.push_back({HandshakeType{type}, Bytes{body.begin(), body.end()}, taken_});
    used += 4 + size;
  }
  handshake_.erase(handshake_.begin(), handshake_.begin() + static_cast<std::ptrdiff_t>(used));
}

std::optional<HandshakeMessage> MessageStream::next() {
  if (messages_.empty()) return std::nullopt;
  HandshakeMessage message = std::move(messages_.front());
  messages_.pop_front();
  return message;
}

Bytes write_record(ContentType type, std::uint16_t version, ByteView payload) {
  ByteWriter out;
  out.u8(static_cast<std::uint8_t>(type));
  out.u16(version);
  {
    auto body = out.block16();
    out.bytes(payload);
  }
  return std::move(out).take();
}

}  // namespace rta::tls
