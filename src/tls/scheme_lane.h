// The signature schemes by which a server proves its key.
//
// TLS 1.2 tells the scheme in ServerKeyExchange: elimination. TLS 1.3 encrypts
// it; but OpenSSL, BoringSSL and GnuTLS look for a common scheme before they
// ask for another key share, so a HelloRetryRequest to an offer of few schemes
// says that one of them is usable, and costs no signature. Servers that answer
// even to a scheme that does not exist tell nothing, and that is found first.
#pragma once

#include "tls/lane.h"

namespace rta::tls {

// RFC 8446 B.3.1.3: for private use; no server signs with it.
inline constexpr SignatureScheme kNobodysScheme = 0xFE5A;
// Why the schemes of such a server stay open.
inline constexpr std::string_view kAnswersAnyScheme =
    "this server answers whatever schemes are offered, so its answers tell nothing";

class SchemeLane12 : public Lane {
 public:
  // `base` holds TLS 1.2 with accepted suites that make the server sign.
  SchemeLane12(Learnt& learnt, Offer base);
  std::optional<Offer> next() override;
  void learn(const HandshakeAnswer& answer) override;
  void doubt(const std::string& why) override;

 private:
  void finish(std::string incomplete);

  Learnt& learnt_;
  Offer base_;
  std::vector<SignatureScheme> remaining_;
  bool done_ = false;
};

class SchemeLane13 : public Lane {
 public:
  // `base` holds TLS 1.3 with accepted suites and no key share.
  SchemeLane13(Learnt& learnt, Offer base);
  std::optional<Offer> next() override;
  void learn(const HandshakeAnswer& answer) override;
  void doubt(const std::string& why) override;

 private:
  void give_up(std::string why);

  Learnt& learnt_;
  Offer base_;
  bool asked_nonsense_ = false;
  std::deque<std::vector<SignatureScheme>> parts_;
};

// What follows for SHA-1 from the schemes of TLS 1.2, which were found with
// everything better out of the way.
std::optional<bool> accepts_sha1(const SchemeInventory& schemes);

}  // namespace rta::tls
