// SuiteLane finds the suites of one version by elimination: offer all, strike
// what the server chose, repeat until it refuses; lists of more than 127 go in
// several parts. It also tells whether the version is spoken at all.
#pragma once

#include <deque>

#include "tls/lane.h"

namespace rta::tls {

class SuiteLane : public Lane {
 public:
  // `base` holds everything of the offer but its suites. With `decides_version`
  // a refusal of all of them says that the version is not spoken.
  SuiteLane(Learnt& learnt, Offer base, const std::vector<CipherSuite>& suites,
            bool decides_version = true);
  std::optional<Offer> next() override;
  void learn(const HandshakeAnswer& answer) override;
  void doubt(const std::string& why) override;

 private:
  void take(const HandshakeAnswer& answer);
  void refused(const HandshakeAnswer& answer);
  void open_question(const HandshakeAnswer& answer);
  void finish();
  void note_completeness();
  void set_version(const OfferAnswer& answer);

  Learnt& learnt_;
  Offer base_;
  bool decides_version_;
  std::deque<std::vector<CipherSuite>> parts_;
  std::optional<OfferAnswer> first_refusal_;
  std::string incomplete_;
  bool spoken_ = false;
};

// The single question of SSL 2.0, which has kinds of its own.
class Ssl2Lane : public Lane {
 public:
  Ssl2Lane(Learnt& learnt, Offer base) : learnt_(learnt), base_(std::move(base)) {}
  std::optional<Offer> next() override;
  void learn(const HandshakeAnswer& answer) override;
  void doubt(const std::string& why) override;

 private:
  Learnt& learnt_;
  Offer base_;
  bool done_ = false;
};

}  // namespace rta::tls
