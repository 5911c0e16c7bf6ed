// PortSurvey tells what a port does when it is spoken to: TLS, plaintext Redis,
// both, something else, or nothing. Two connections as a rule: the first hello
// (tls/first_hello.h), which plaintext Redis takes for a command line and answers
// at once, and a PING in plaintext, which a TLS server must refuse.
// A port that answers nothing to either costs one patience, not a scan. Where it
// drops both and yet waits for who says nothing, a short hello of TLS 1.2 follows.
#pragma once

#include <redis_tls_audit/facts/endpoint.h>

#include <memory>
#include <string>

#include "base/probe.h"
#include "net/engine.h"
#include "tls/handshake_probe.h"

namespace rta::net {

class PortSurvey final : public Survey {
 public:
  // `server_name` is what the hello asks for (SNI); empty: it names none.
  explicit PortSurvey(std::string server_name = {});
  ~PortSurvey() override;
  std::unique_ptr<Probe> next() override;
  void learn(std::unique_ptr<Probe> probe) override;
  [[nodiscard]] bool finished() const override;

  // Gaps: refused, unreachable, timed_out (silence), reset (closed or reset,
  // at once or after the first bytes: the detail says which).
  [[nodiscard]] Observation<PortAnswer> answer() const;
  // What a TLS server chose of the hello; nothing where it chose nothing.
  [[nodiscard]] std::optional<tls::HandshakeAnswer> first_answer() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Runs the survey against one address.
Observation<PortAnswer> classify_port(Engine& engine, const Address& address, const Budget& budget,
                                      Footprint& footprint);

}  // namespace rta::net
