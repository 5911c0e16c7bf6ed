// GroupLane finds the key-exchange groups of one version by elimination: in
// TLS 1.3 from HelloRetryRequests, which cost the server nothing, in TLS 1.2
// from ServerKeyExchange.
#pragma once

#include "tls/lane.h"

namespace rta::tls {

class GroupLane : public Lane {
 public:
  // `base` holds the version and suites that this server accepts.
  GroupLane(Learnt& learnt, Offer base, std::vector<NamedGroup> groups);
  std::optional<Offer> next() override;
  void learn(const HandshakeAnswer& answer) override;
  void doubt(const std::string& why) override;

 private:
  void take(NamedGroup group, const HandshakeAnswer& answer);
  void refused();
  void finish(std::string incomplete);

  Learnt& learnt_;
  Offer base_;
  std::vector<NamedGroup> remaining_;
  // TLS 1.2 with an ECDSA certificate only: its curve must stay in the offer,
  // or the server has no certificate to show. Found by trying.
  std::vector<NamedGroup> anchors_;
  std::optional<NamedGroup> anchor_;
  bool anchored_ = false;
  bool done_ = false;
};

}  // namespace rta::tls
