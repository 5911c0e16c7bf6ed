// Inquiry asks one Offer until its answer can be relied on. An explicit answer
// settles it at once. A close, a reset or an odd alert is asked again in other
// shapes, between hellos that are known to work (controls); only when the
// server turns this offer away every time and answers every control is it a
// refusal. Silence never is one.
//
// A control that fails is asked again after growing pauses. When it
// works again, what was seen before is thrown away and the question is put anew;
// an endpoint that does not recover is lost. Pure; one thread.
#pragma once

#include <chrono>
#include <optional>

#include "tls/handshake_probe.h"

namespace rta::tls {

class Inquiry {
 public:
  // `control` is an offer that this server has accepted; empty when none has been.
  Inquiry(Offer question, std::optional<Offer> control);

  // The hello to send now; call learn() with its answer before the next.
  [[nodiscard]] Offer next() const;
  void learn(const HandshakeAnswer& answer);
  [[nodiscard]] bool settled() const { return settled_; }
  [[nodiscard]] const HandshakeAnswer& answer() const { return answer_; }
  // A control that has become known meanwhile.
  void offer_control(const Offer& control) {
    if (!control_) control_ = control;
  }
  // The next hello is a control.
  [[nodiscard]] bool asks_control() const;
  // A hello that the server accepts was turned away at first.
  [[nodiscard]] bool met_trouble() const { return met_trouble_; }
  // How long to wait before next().
  [[nodiscard]] std::chrono::milliseconds pause() const { return pause_; }

 private:
  void learn_question(const HandshakeAnswer& answer);
  void learn_failed_control(const HandshakeAnswer& answer);
  void start_anew();
  void give_up(const std::string& why);

  Offer question_;
  std::optional<Offer> control_;
  std::size_t step_ = 0;          // place in the plan
  int failed_controls_ = 0;       // in a row
  int starts_ = 1;
  std::chrono::milliseconds pause_{};
  int asked_ = 0;                 // times the question was put
  std::optional<Ending> ending_;  // of all tries so far
  std::optional<std::uint8_t> alert_;
  HandshakeAnswer answer_;
  bool met_trouble_ = false;
  bool settled_ = false;
};

}  // namespace rta::tls
