// MessageStream turns the bytes of a server into handshake messages and
// alerts: it takes records apart (RFC 8446 5.1), joins fragments, and stops at
// the first thing that is not TLS or goes over a limit. Pure; one thread.
#pragma once

#include <redis_tls_audit/bytes.h>

#include <deque>
#include <optional>
#include <string>

#include "tls/alert.h"

namespace rta::tls {

enum class ContentType : std::uint8_t {
  change_cipher_spec = 20,
  alert = 21,
  handshake = 22,
  application_data = 23,
  heartbeat = 24
};

enum class HandshakeType : std::uint8_t {
  client_hello = 1,
  server_hello = 2,
  new_session_ticket = 4,
  certificate = 11,
  server_key_exchange = 12,
  certificate_request = 13,
  server_hello_done = 14,
  certificate_status = 22
};

struct HandshakeMessage {
  HandshakeType type{};
  Bytes body;           // without the four bytes of header
  std::size_t end = 0;  // bytes of the stream up to the end of its record
};

class MessageStream {
 public:
  enum class State {
    reading,
    foreign,  // the first bytes are no TLS record: first_bytes() tells what they are
    broken,   // it was TLS, then a rule or a limit was broken: problem() says which
  };

  // Returns after all of `received` was taken or the stream left State::reading.
  void feed(ByteView received);

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] const std::string& problem() const { return problem_; }
  // Messages in order; empty when more bytes are needed.
  std::optional<HandshakeMessage> next();
  // The first fatal alert, or a close_notify.
  [[nodiscard]] const std::optional<Alert>& alert() const { return alert_; }
  // What was received so far, at most 4 KiB of it.
  [[nodiscard]] const Bytes& captured() const { return captured_; }
  [[nodiscard]] std::size_t received() const { return received_; }
  // Version of the last record's header.
  [[nodiscard]] std::uint16_t record_version() const { return record_version_; }

 private:
  bool take_record();
  void take_alert(ByteView fragment);
  void take_handshake(ByteView fragment);
  void fail(State state, std::string problem);
  void no_progress(std::string_view what);

  State state_ = State::reading;
  std::string problem_;
  Bytes pending_;      // an incomplete record
  Bytes handshake_;    // an incomplete message
  Bytes alert_bytes_;  // an alert cut in two
  std::deque<HandshakeMessage> messages_;
  std::optional<Alert> alert_;
  Bytes captured_;
  std::size_t received_ = 0;
  std::size_t taken_ = 0;  // bytes of complete records
  std::size_t idle_records_ = 0;
  std::uint16_t record_version_ = 0;
};

// One record around a payload of at most 2^14 bytes.
Bytes write_record(ContentType type, std::uint16_t version, ByteView payload);

inline constexpr std::size_t kCaptureLimit = 4096;

}  // namespace rta::tls
