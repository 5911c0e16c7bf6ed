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
  SchemeLane12(Learnt& learnt, Offer base, std::size_t side_by_side = 1);
  std::optional<Offer> next() override;
  void learn(const HandshakeAnswer& answer) override;
  void doubt(const std::string& why) override;
  std::vector<std::unique_ptr<Lane>> helpers() override { return std::exchange(helpers_, {}); }

 private:
  struct Version {
    Learnt& learnt;
    Offer base;
    std::size_t side_by_side;
    std::size_t lanes = 1;  // not yet at their end
    std::string incomplete;
    bool dealt = false;
  };
  SchemeLane12(std::shared_ptr<Version> version, std::vector<SignatureScheme> schemes)
      : version_(std::move(version)), remaining_(std::move(schemes)) {}
  void deal();
  void finish(std::string incomplete);

  std::shared_ptr<Version> version_;
  std::vector<SignatureScheme> remaining_;
  std::vector<std::unique_ptr<Lane>> helpers_;
  bool done_ = false;
};

class SchemeLane13 : public Lane {
 public:
  // `base` holds TLS 1.3 with accepted suites and no key share.
  SchemeLane13(Learnt& learnt, Offer base, std::size_t side_by_side = 1);
  std::optional<Offer> next() override;
  void learn(const HandshakeAnswer& answer) override;
  void doubt(const std::string& why) override;
  std::vector<std::unique_ptr<Lane>> helpers() override { return std::exchange(helpers_, {}); }

 private:
  struct Version {
    Learnt& learnt;
    Offer base;
    std::size_t side_by_side;
    bool asked_nonsense = false;
    bool given_up = false;
    std::size_t lanes = 1;  // not yet at their end
  };
  SchemeLane13(std::shared_ptr<Version> version, std::vector<SignatureScheme> part)
      : version_(std::move(version)), parts_{std::move(part)} {}
  void share_out();
  void give_up(std::string why);

  std::shared_ptr<Version> version_;
  std::deque<std::vector<SignatureScheme>> parts_;
  std::vector<std::unique_ptr<Lane>> helpers_;
};

// What follows for SHA-1 from the schemes of TLS 1.2, which were found with
// everything better out of the way.
std::optional<bool> accepts_sha1(const SchemeInventory& schemes);

}  // namespace rta::tls
