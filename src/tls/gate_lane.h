// The lanes of the gate (see gate.h). What they find is written with what they
// offered, so that nothing is taken for refused that was never asked.
#pragma once

#include "tls/gate.h"
#include "tls/lane.h"

namespace rta::tls {

// One question: whatever of it is accepted convicts its class, and the rest is
// asked again without that class.
class GateSuiteLane : public Lane {
 public:
  GateSuiteLane(Learnt& learnt, Offer base, GateQuestion question, const GatePlan& plan);
  std::optional<Offer> next() override;
  void learn(const HandshakeAnswer& answer) override;
  void doubt(const std::string& why) override;

 private:
  void take(const HandshakeAnswer& answer);
  void take_group(const HandshakeAnswer& answer);
  void refused(const HandshakeAnswer& answer);
  void strike(CipherSuite chosen);

  Learnt& learnt_;
  Offer base_;
  GateQuestion question_;
  const GatePlan& plan_;
  bool done_ = false;
};

// The forbidden groups of TLS 1.3.
class GateGroupLane : public Lane {
 public:
  GateGroupLane(Learnt& learnt, Offer base, std::vector<NamedGroup> groups, bool enumerate);
  std::optional<Offer> next() override;
  void learn(const HandshakeAnswer& answer) override;
  void doubt(const std::string& why) override;

 private:
  Learnt& learnt_;
  Offer base_;
  std::vector<NamedGroup> remaining_;
  bool enumerate_;
  bool done_ = false;
};

// Whether a version is spoken that was refused with another word than its number: one
// accepted suite is enough. It is not when its number refuses it, or it refuses all.
class VersionLane : public Lane {
 public:
  using Otherwise = std::function<void(const HandshakeAnswer&)>;
  // Different hellos of one version. `otherwise` hears what is no refusal.
  VersionLane(Learnt& learnt, std::deque<Offer> offers, Otherwise otherwise = {});
  std::optional<Offer> next() override;
  void learn(const HandshakeAnswer& answer) override;
  void doubt(const std::string& why) override;

 private:
  void take(const HandshakeAnswer& answer);
  void refused(const HandshakeAnswer& answer);

  Learnt& learnt_;
  ProtocolVersion version_;
  std::deque<Offer> offers_;
  Otherwise otherwise_;
  std::optional<OfferAnswer> refusal_;
};

// SSL 3.0 to TLS 1.1 by one hello: RFC 5246 E.1 has a server answer the highest
// version that it knows up to the offered one, and alert 70 if it knows none. That
// is believed of servers that write it as OpenSSL does. Any other answer is followed
// by a question for each version.
class OldVersionsLane : public Lane {
 public:
  // Makes the hello for one of these versions, without suites.
  using Base = std::function<Offer(ProtocolVersion)>;
  OldVersionsLane(Learnt& learnt, Base base, bool enumerate);
  std::optional<Offer> next() override;
  void learn(const HandshakeAnswer& answer) override;
  void doubt(const std::string& why) override;
  std::vector<std::unique_ptr<Lane>> helpers() override;

 private:
  void ask_one_by_one(bool newest_was_refused);

  Learnt& learnt_;
  Base base_;
  bool enumerate_;
  bool done_ = false;
  bool all_refused_ = false;
  std::vector<std::unique_ptr<Lane>> helpers_;
};

// What an answer says of the version, and whether that fits what was said before:
// refused by its number, or spoken and refused for what else was offered.
void learn_version(Learnt& learnt, ProtocolVersion version, const HandshakeAnswer& answer);

// Beside forbidden groups these were offered. Any group would have done for one
// that takes a curve and an RSA signature; with an ECDSA key alone a server may have
// lacked a usable certificate instead.
bool accepts_carrier(const TlsSurvey& survey, const GatePlan& plan, ProtocolVersion version);

// Says in every inventory why it is not complete, and takes back what the suites that
// the server accepts do not let be said about groups, unless they were asked for with
// one of those (`weak_groups_asked`).
void finish_gate(TlsSurvey& survey, const GatePlan& plan, bool weak_groups_asked);

// Why inventories of the gate are not complete.
inline constexpr std::string_view kOnlyForbidden =
    "only what the profile forbids was offered, and once";

}  // namespace rta::tls
