// SuiteLane finds the suites of one version by elimination: offer all, strike
// what the server chose, repeat until it refuses. It also tells whether the
// version is spoken at all.
//
// The first hello holds the best 127 suites. A version that is refused by its
// number is settled with it; one that is refused for another reason is asked
// once more in another shape, for a server may mind the hello and not the
// version. Otherwise all other suites go into one long hello; a server that does
// not answer that, or not with a definite refusal, gets them in lists of 127.
// (Whether it read the long hello to its end is found out by suite_confirmation.)
// Where the survey wants more side by side, the usual suites get a lane each (see
// usual.h), and a list from which something is taken is split. A version is
// complete when the last lane has been refused or has nothing left.
#pragma once

#include <deque>

#include "tls/lane.h"

namespace rta::tls {

class SuiteLane : public Lane {
 public:
  // `base` holds everything of the offer but its suites.
  SuiteLane(Learnt& learnt, Offer base, const std::vector<CipherSuite>& suites,
            std::size_t side_by_side = 1);
  // One accepted suite proves what is asked: the others stay open.
  void stop_at_first(std::string why_open) { version_->stop_because = std::move(why_open); }
  // Asks for these suites of a version that is known to be spoken.
  static std::unique_ptr<Lane> again(Learnt& learnt, Offer base,
                                     const std::vector<CipherSuite>& suites);
  std::optional<Offer> next() override;
  void learn(const HandshakeAnswer& answer) override;
  void doubt(const std::string& why) override;
  std::vector<std::unique_ptr<Lane>> helpers() override;

 private:
  // What the lanes of one version know together.
  struct Version {
    Learnt& learnt;
    Offer base;
    std::size_t side_by_side;
    std::vector<CipherSuite> all;
    bool reshaped = false;     // into the last shape that there is
    std::string stop_because;  // not empty: after the first accepted suite
    bool spoken = false;
    bool dealt = false;
    std::size_t lanes = 1;      // not yet at their end
    std::size_t searching = 0;  // of these: with more than a suite that is signed for
    std::string incomplete;
    std::vector<RefusedOffer> refused;  // before the version was known to be spoken
  };
  SuiteLane(std::shared_ptr<Version> version, std::vector<CipherSuite> suites);

  void take(const HandshakeAnswer& answer);
  void deal();
  void split();
  void spread();
  void hand_on(std::vector<CipherSuite> suites, std::size_t splits);
  void refused(const HandshakeAnswer& answer);
  bool minds_long_list(const HandshakeAnswer& answer);
  void try_other_shape(bool no_extension_at_all);
  void open_question(const HandshakeAnswer& answer);
  void end_if_empty();
  void note_search();

  std::shared_ptr<Version> version_;
  std::deque<std::vector<CipherSuite>> parts_;
  std::vector<std::unique_ptr<Lane>> helpers_;
  std::size_t splits_ = 1;  // lanes that share this list once it proves fruitful
  bool searches_ = false;   // counted in Version::searching
  bool ended_ = false;
};

// Hellos for these suites: of at most so many each, and those of TLS 1.3 in one
// of their own below it.
std::deque<std::vector<CipherSuite>> in_lists(ProtocolVersion version,
                                              std::vector<CipherSuite> suites,
                                              std::size_t per_hello);
// What a server may accept that minds the usual hello of this version: one with
// few extensions, then one without any; at TLS 1.3 one with key shares, where an
// empty list asks for a retry, then one as short as a browser's.
// False when there is no other shape.
bool reshape(Offer& offer);
void shorten_like_a_browser(Offer& offer);  // of TLS 1.3

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
