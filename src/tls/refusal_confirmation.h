// RefusalConfirmation asks once more what was refused, after a hello that was
// accepted since: an endpoint that answers with alerts while it is down, or past
// its limit of connections, refuses by that nothing. Both refusals together, with
// a good hello between them, are the proof of an absence.
//
// A claim is asked for twice more, with a good hello between the two: an outage
// that excuses both has to end and begin again, and is seen by that. Where the
// endpoint was caught at turning good hellos away (Learnt::trouble) a refusal has
// to hold three times, with good hellos between, and claims are asked one after
// the other: hellos side by side may keep step with a limit.
//
// A refusal by a ServerHello of another version, and one that was inferred from
// several tries between good hellos, needs no confirmation: see is_by_alert().
#pragma once

#include "tls/lane.h"

namespace rta::tls {

// What is claimed, and what becomes of it.
struct Refusal {
  std::deque<Offer> offers;  // each was refused, or is part of one that was
  std::optional<std::uint8_t> alert;  // by which they have to be refused
  // One server has different alerts for different reasons to refuse a version.
  bool by_any_alert = false;
  // Asked three times, with good hellos between, whether there was trouble or not:
  // for what is seldom absent.
  bool thorough = false;
  // The same answer again; absent: a refusal is.
  std::function<bool(const HandshakeAnswer&)> holds;
  // An offer was accepted after all: writes that down and gives lanes that ask anew.
  std::function<std::vector<std::unique_ptr<Lane>>(const Offer&, const HandshakeAnswer&)> withdraw;
  // Could not be asked again: what was refused is open.
  std::function<void(const std::string& why)> leave_open;
};

class RefusalConfirmation : public Lane {
 public:
  // `control` has to live as long as the lane.
  RefusalConfirmation(Learnt& learnt, const std::optional<Offer>& control, Refusal refusal,
                      bool control_first = false)
      : learnt_(learnt),
        control_(control),
        control_first_(control_first),
        refusal_(std::move(refusal)) {}
  std::optional<Offer> next() override;
  void learn(const HandshakeAnswer& answer) override;
  void doubt(const std::string& why) override;
  std::vector<std::unique_ptr<Lane>> helpers() override { return std::exchange(helpers_, {}); }

 private:
  [[nodiscard]] std::string_view plan() const;

  Learnt& learnt_;
  const std::optional<Offer>& control_;
  bool control_first_;
  Refusal refusal_;
  std::vector<std::unique_ptr<Lane>> helpers_;
  std::size_t step_ = 0;  // of the plan, for the offer in front
  bool in_trouble_ = false;
};

// Asks for a hello that was accepted before, with growing pauses when it fails.
class ControlLane : public Lane {
 public:
  using Failed = std::function<void(const std::string& why)>;
  // `failed` is called for each failure, `recovered` for a success after one.
  ControlLane(Offer control, Failed failed, std::function<void()> recovered)
      : control_(std::move(control)), failed_(std::move(failed)), recovered_(std::move(recovered)) {}
  std::optional<Offer> next() override;
  void learn(const HandshakeAnswer& answer) override;
  void doubt(const std::string&) override {}
  [[nodiscard]] std::chrono::milliseconds pause() const override;

 private:
  Offer control_;
  Failed failed_;
  std::function<void()> recovered_;
  std::size_t failures_ = 0;
  bool done_ = false;
};

// The lanes for one claim: two where there was no trouble, so that one that is
// chance is caught by the other. A good hello has to stand between them, or an
// outage of a moment excuses both: the second lane starts with one of its own
// unless the caller sees to it.
std::vector<std::unique_ptr<Lane>> confirmations(Learnt& learnt,
                                                 const std::optional<Offer>& control,
                                                 const Refusal& refusal, bool control_between);

// One alert told it, which anything between us and the server may send.
bool is_by_alert(const OfferAnswer& proof);
bool is_any_by_alert(const std::vector<RefusedOffer>& refused);

}  // namespace rta::tls
