// ShortGreeting says PING after a handshake and waits no longer than it was
// told to. A refusal comes at once there; only a server that never answers PING
// lets us wait, and that need not cost the default patience each time.
#pragma once

#include "collect/live/greeting.h"

namespace rta {

class ShortGreeting final : public Probe {
 public:
  Bytes start() override { return inner.start(); }
  ProbeStep on_bytes(ByteView received) override { return inner.on_bytes(received); }
  void on_end(ConnectionEnd end, const std::string& detail) override { inner.on_end(end, detail); }
  [[nodiscard]] bool costs_signature() const override { return false; }
  [[nodiscard]] std::chrono::milliseconds patience() const override { return wait; }

  Greeting inner;
  std::chrono::milliseconds wait{2'000};
};

// The wait at a server that is known to answer no PING: time for an alert to
// arrive from anywhere on earth, and for the tickets of TLS 1.3.
inline constexpr std::chrono::milliseconds kWaitAtSilentPeer{800};

}  // namespace rta
