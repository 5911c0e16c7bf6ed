// BadPeer is a server on loopback that misbehaves in one chosen manner, or
// follows a script of the test, with each connection on a thread of its own.
// Its destructor ends all of them.
#pragma once

#include <redis_tls_audit/bytes.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "net/address.h"

namespace rta::testing {

enum class Manner {
  silent,             // accepts and never says a word
  closing,            // closes as soon as a connection stands
  resetting,          // resets as soon as a connection stands
  close_after_hello,  // closes after the first bytes
  reset_after_hello,  // resets after the first bytes
  garbage,            // answers with bytes that are no protocol
  endless_nul,        // sends zeros without end
  endless_handshake,  // sends well-formed handshake records without end
  drip,               // a ServerHello's bytes, one a quarter second
  ssh,                // an SSH banner with terminal escapes
  http,               // answers like a web server
  plaintext_redis,    // answers like Redis 7 without TLS
  slow_accept,        // waits three seconds, then answers with a TLS alert
  alert_flood,        // TLS warning alerts without end
};

// One connection, as a script sees it. Reads and writes return when the peer
// is being ended, so that scripts need no clock.
class PeerConnection {
 public:
  PeerConnection(int fd, int stop_fd) : fd_(fd), stop_fd_(stop_fd) {}
  // What arrives next; empty = closed, or the test is over.
  Bytes read();
  bool write(ByteView bytes);
  bool write(std::string_view text) { return write(as_bytes(text)); }
  void reset();                  // RST instead of FIN
  bool pause(int milliseconds);  // false: the test is over
  void wait_for_end();           // until the other side, or the test, is over
  // Another socket of the same script, ended with it.
  [[nodiscard]] PeerConnection beside(int fd) const { return {fd, stop_fd_}; }
  // Whichever can be read first; null: the test is over.
  PeerConnection* wait_for_either(PeerConnection& other);

 private:
  int fd_;
  int stop_fd_;
};

class BadPeer {
 public:
  using Script = std::function<void(PeerConnection&)>;
  explicit BadPeer(Manner manner);
  explicit BadPeer(Script script);
  ~BadPeer();
  BadPeer(const BadPeer&) = delete;
  BadPeer& operator=(const BadPeer&) = delete;

  [[nodiscard]] const net::Address& address() const;
  [[nodiscard]] int connections() const;
  // The most connections that stood at one time.
  [[nodiscard]] int most_at_once() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rta::testing
