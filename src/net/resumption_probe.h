// ResumptionProbe finishes one handshake, without verifying anything, to learn
// what raw hellos cannot show: the lifetime of the ticket, whether it allows
// early data (TLS 1.3), and whether a client may renegotiate (TLS 1.2).
// Nothing of the session is kept. One thread.
#pragma once

#include <redis_tls_audit/facts/tls.h>

#include <memory>
#include <optional>

#include "base/probe.h"

namespace rta::net {

struct ResumptionFacts {
  bool handshake_completed = false;
  std::optional<std::uint32_t> ticket_lifetime_seconds;  // absent: no ticket was seen
  std::optional<bool> early_data_accepted;               // TLS 1.3, when a ticket was seen
  std::optional<bool> client_renegotiation_accepted;     // TLS 1.2
};

class ResumptionProbe final : public Probe {
 public:
  // TLS 1.2 or 1.3, that version alone.
  explicit ResumptionProbe(ProtocolVersion version);
  ~ResumptionProbe() override;

  Bytes start() override;
  ProbeStep on_bytes(ByteView received) override;
  void on_end(ConnectionEnd end, const std::string& detail) override;
  [[nodiscard]] bool costs_signature() const override { return true; }
  [[nodiscard]] bool completes_handshake() const override;
  [[nodiscard]] std::chrono::milliseconds patience() const override;

  [[nodiscard]] const ResumptionFacts& facts() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rta::net
