// GroupLane finds the key-exchange groups of one version by elimination: in
// TLS 1.3 from HelloRetryRequests, which cost the server nothing, in TLS 1.2
// from ServerKeyExchange. After the first answer, which tells what the server
// prefers, the usual groups may get a lane each (see usual.h).
//
// A TLS 1.2 server with an ECDSA certificate only has nothing to show to a
// client that does not name the certificate's curve: then that curve stays in
// the offer (the anchor), behind the others. A server that goes by the client's
// order takes another one if it knows any; one that goes by its own may hide
// those that it likes less, and the inventory says so.
//
// Last, the accepted ones are offered the other way round, with the refused ones
// in front of them: that tells the order, and where it is the client's, what was
// passed over is proven to be refused (see refusal_confirmation.h).
#pragma once

#include "tls/lane.h"

namespace rta::tls {

// A server can use these suites with an ECDSA key only.
bool needs_curve_of_certificate(const std::vector<CipherSuite>& suites);

// The inventory is incomplete for one reason only: groups that the server likes
// less than its certificate's curve. Nobody can negotiate them with that
// certificate: whoever leaves the curve out is refused, and whoever names it
// gets it. What is offered is known, then, although not all that is switched on.
bool hides_only_behind_curve(const GroupInventory& inventory);

class GroupLane : public Lane {
 public:
  // `base` holds the version and suites that this server accepts.
  GroupLane(Learnt& learnt, Offer base, const std::vector<NamedGroup>& groups,
            std::size_t side_by_side = 1);
  std::optional<Offer> next() override;
  void learn(const HandshakeAnswer& answer) override;
  void doubt(const std::string& why) override;
  std::vector<std::unique_ptr<Lane>> helpers() override;

 private:
  struct Version {
    Learnt& learnt;
    Offer base;
    std::size_t side_by_side;
    std::size_t lanes = 1;
    std::string incomplete;
  };
  GroupLane(std::shared_ptr<Version> version, std::vector<NamedGroup> groups);

  void take(NamedGroup group, const HandshakeAnswer& answer);
  void refused(const HandshakeAnswer& answer);
  void note_refusal(const HandshakeAnswer& answer);
  void deal();
  [[nodiscard]] std::vector<NamedGroup> other_way_round() const;
  [[nodiscard]] bool was_beside_preferred(NamedGroup group) const;
  void learn_order(const HandshakeAnswer& answer);
  void refused_no_more(NamedGroup group, const HandshakeAnswer& answer);
  void try_anchor();
  void finish(std::string incomplete);
  void complete();

  std::shared_ptr<Version> version_;
  std::vector<NamedGroup> remaining_;
  std::vector<std::unique_ptr<Lane>> helpers_;
  std::vector<NamedGroup> anchors_;  // to be tried
  HandshakeAnswer refusal_;          // of the groups without an anchor
  std::optional<NamedGroup> anchor_;
  bool anchored_ = false;
  bool asks_order_ = false;  // the accepted ones, the other way round
  std::vector<NamedGroup> in_front_;  // of them: what was refused
  bool ended_ = false;       // nothing but the order is left to ask
  bool done_ = false;
};

// Post-quantum groups that did not answer an empty key share are asked with a
// real-looking one: some servers refuse the first and take the second. Runs
// after the groups of TLS 1.3 are known.
class PostQuantumLane : public Lane {
 public:
  PostQuantumLane(Learnt& learnt, Offer base, std::uint64_t nonce);
  std::optional<Offer> next() override;
  void learn(const HandshakeAnswer& answer) override;
  void doubt(const std::string& why) override;

 private:
  void leave_open(const std::string& why);

  Learnt& learnt_;
  Offer base_;
  std::uint64_t nonce_;
  // Together first; one by one when a hello of that size is not digested.
  std::deque<std::vector<NamedGroup>> parts_;
};

}  // namespace rta::tls
