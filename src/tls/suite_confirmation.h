// SuiteConfirmation closes the inventory of one version: what was refused stands
// in front of what was accepted, in one hello, and the usual choice behind all.
//
//   the first accepted one is chosen   the client's order counts, and nothing in
//                                      front of it is accepted: proof enough
//   another accepted one is chosen     the server's order counts; the hello was
//                                      read to its end, so the refused ones are
//                                      asked for alone once more
//   a refused one is chosen            it is accepted after all: the rest is
//                                      asked for anew
//   nothing is chosen, twice           the server does not digest a hello of that
//                                      length: everything again in short ones, each
//                                      of which has to be read with an accepted one
#pragma once

#include "tls/lane.h"
#include "tls/refusal_confirmation.h"

namespace rta::tls {

class SuiteConfirmation : public Lane {
 public:
  // `base` holds everything of the offer but its suites. `control` has to live
  // as long as the lane. `reopen` takes the refusals back, with the reason.
  SuiteConfirmation(Learnt& learnt, Offer base, const std::optional<Offer>& control,
                    std::function<void(const std::string& why)> reopen);
  std::optional<Offer> next() override;
  void learn(const HandshakeAnswer& answer) override;
  void doubt(const std::string& why) override;
  std::vector<std::unique_ptr<Lane>> helpers() override { return std::exchange(helpers_, {}); }

 private:
  [[nodiscard]] bool must_be_short() const;
  // Offered in the hello whose answer was the usual choice.
  [[nodiscard]] bool was_beside_chosen(CipherSuite code) const;
  void read_order(const HandshakeAnswer& answer);
  void take(const HandshakeAnswer& answer);
  void ask_refused_alone();
  void ask_whether_lists_are_read();
  void take_back_with(Refusal& refusal);
  void ask_in_short_lists();
  void line_up_accepted(bool with_refused);
  [[nodiscard]] ProtocolVersion version() const { return base_.version; }

  Learnt& learnt_;
  Offer base_;
  const std::optional<Offer>& control_;
  std::function<void(const std::string&)> reopen_;
  std::vector<CipherSuite> refused_;
  std::vector<CipherSuite> line_;     // what is offered, in this order
  std::optional<CipherSuite> first_;  // of the accepted ones, where its choice tells the order
  std::size_t refused_in_line_ = 0;
  bool tried_ = false;  // and refused: a control in between, and once more
  bool asks_control_ = false;
  std::vector<std::unique_ptr<Lane>> helpers_;
};

}  // namespace rta::tls
