// Inquiry asks one Offer until its answer can be relied on. An explicit answer
// settles it at once. A close, a reset or an odd alert is asked again in other
// shapes, between hellos that are known to work (controls); only when the
// server turns this offer away every time and answers every control is it a
// refusal. Silence never is one.
//
// A control that fails is asked again after growing pauses. When it
// works again, what was seen before is thrown away and the question is put anew;
// an endpoint that does not recover is lost.
//
// Where there is no need to be polite the repetitions go out together, one right
// behind the other, and their answers are read in that order. Pure; one thread.
#pragma once

#include <chrono>
#include <map>
#include <optional>

#include "tls/handshake_probe.h"

namespace rta::tls {

class Inquiry {
 public:
  // `control` is an offer that this server has accepted; empty when none has been.
  Inquiry(Offer question, std::optional<Offer> control, bool all_at_once = false);

  // A hello can be sent now.
  [[nodiscard]] bool may_ask() const;
  // The hello to send now, and the place in the plan that its answer is learnt with.
  struct Asked {
    Offer offer;
    std::uint32_t place;
  };
  Asked next();
  // The question, before it is sent for the first time.
  void put_instead(Offer question) {
    question.nonce = question_.nonce;
    question_ = std::move(question);
  }
  void learn(std::uint32_t place, const HandshakeAnswer& answer);
  [[nodiscard]] bool settled() const { return settled_; }
  [[nodiscard]] const HandshakeAnswer& answer() const { return answer_; }
  // A control that has become known meanwhile.
  void offer_control(const Offer& control) {
    if (control_) return;
    (given_ <= 1 ? control_ : late_control_) = control;  // what was sent follows its plan
  }
  // In doubt, and with nothing to compare with.
  [[nodiscard]] bool lacks_control() const { return !control_ && step_ > 0; }
  // A hello that the server accepts was turned away at first.
  [[nodiscard]] bool met_trouble() const { return met_trouble_; }
  // How long to wait before next().
  [[nodiscard]] std::chrono::milliseconds pause() const { return pause_; }

 private:
  [[nodiscard]] bool asks_control(std::size_t step) const;
  void take(const HandshakeAnswer& answer);
  void ask_again_from(std::size_t step);
  [[nodiscard]] Offer shaped(int tries) const;
  void learn_question(const HandshakeAnswer& answer);
  [[nodiscard]] bool is_refused_for_its_shape(const HandshakeAnswer& answer) const;
  [[nodiscard]] bool is_known_refusal(const HandshakeAnswer& answer) const;
  void learn_failed_control(const HandshakeAnswer& answer);
  void start_anew();
  void forget();
  void give_up(const std::string& why);

  Offer question_;
  std::optional<Offer> control_;
  std::optional<Offer> late_control_;  // for a plan of its own, when this one leaves it open
  bool all_at_once_;
  std::size_t step_ = 0;          // of the plan: learnt up to here
  std::size_t given_ = 0;         // sent up to here
  std::uint32_t course_ = 0;      // answers to hellos of an earlier one are too late
  std::map<std::size_t, HandshakeAnswer> early_;  // by step: answered out of order
  int failed_controls_ = 0;       // in a row
  int starts_ = 1;
  std::chrono::milliseconds pause_{};
  int asked_ = 0;                 // times the question was put
  bool never_bare_ = false;       // without extensions it is refused for the lack of them
  std::optional<Ending> ending_;  // of all tries so far
  std::optional<std::uint8_t> alert_;
  HandshakeAnswer answer_;
  bool met_trouble_ = false;
  bool settled_ = false;
};

}  // namespace rta::tls
