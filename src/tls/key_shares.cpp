#include "tls/key_shares.h"

#include "base/text.h"
#include "tls/offer.h"

namespace rta::tls {
namespace {

constexpr NamedGroup kP256 = 0x0017, kP384 = 0x0018, kX25519 = 0x001D;
constexpr NamedGroup kMlKem512 = 0x0200, kMlKem768 = 0x0201, kMlKem1024 = 0x0202;
constexpr NamedGroup kP256MlKem768 = 0x11EB, kX25519MlKem768 = 0x11EC, kP384MlKem1024 = 0x11ED;

// Base points (SEC 2 2.4.2 and 2.5.1, uncompressed; RFC 7748 4.1): any point
// of the curve serves as a share.
constexpr std::string_view kP256Point =
    "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";
constexpr std::string_view kP384Point =
    "04aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e387276"
    "0ab7"
    "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e"
    "5f";

Bytes x25519_point() {
  Bytes point(32, 0);
  point[0] = 9;
  return point;
}

// FIPS 203 ByteEncode12 of 256 * rank coefficients, then the 32-byte seed.
Bytes ml_kem_key(std::size_t rank, std::uint64_t nonce) {
  constexpr std::uint32_t kModulus = 3329;
  const Bytes random = noise(nonce, rank * 512 + 32);
  Bytes key;
  const auto coefficient = [&](std::size_t i) {
    return (std::uint32_t{random[2 * i]} << 8U | random[2 * i + 1]) % kModulus;
  };
  for (std::size_t i = 0; i < rank * 256; i += 2) {
    const std::uint32_t pair = coefficient(i) | coefficient(i + 1) << 12U;
    for (int shift = 0; shift < 24; shift += 8)
      key.push_back(static_cast<std::uint8_t>(pair >> shift));
  }
  key.insert(key.end(), random.end() - 32, random.end());
  return key;
}

Bytes joined(Bytes first, const Bytes& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

}  // namespace

KeyShare unheld_key_share(NamedGroup group, std::uint64_t nonce) {
  switch (group) {
    case kX25519:
      return {group, x25519_point()};
    case kP256:
      return {group, *from_hex(kP256Point)};
    case kP384:
      return {group, *from_hex(kP384Point)};
    case kMlKem512:
      return {group, ml_kem_key(2, nonce)};
    case kMlKem768:
      return {group, ml_kem_key(3, nonce)};
    case kMlKem1024:
      return {group, ml_kem_key(4, nonce)};
    // draft-ietf-tls-ecdhe-mlkem: ML-KEM stands first with X25519, second with the P curves.
    case kX25519MlKem768:
      return {group, joined(ml_kem_key(3, nonce), x25519_point())};
    case kP256MlKem768:
      return {group, joined(*from_hex(kP256Point), ml_kem_key(3, nonce))};
    case kP384MlKem1024:
      return {group, joined(*from_hex(kP384Point), ml_kem_key(4, nonce))};
    default:
      return {group, {}};
  }
}

std::vector<KeyShare> usual_key_shares(std::uint64_t nonce) {
  std::vector<KeyShare> shares;
  for (const NamedGroup group : {NamedGroup{0x001D}, NamedGroup{0x0017}, NamedGroup{0x0018}})
    shares.push_back(unheld_key_share(group, nonce));
  return shares;
}

const std::vector<NamedGroup>& post_quantum_groups() {
  static const std::vector<NamedGroup> groups{kX25519MlKem768, kP256MlKem768, kP384MlKem1024,
                                              kMlKem768,       kMlKem1024,    kMlKem512};
  return groups;
}

}  // namespace rta::tls
