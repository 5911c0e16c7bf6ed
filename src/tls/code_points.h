// Code points of TLS with what they mean: cipher suites, groups, signature
// schemes. The tables are generated from the registry in registry/*.csv.
// Suites are judged by these properties, never by their names. Pure; any thread.
#pragma once

#include <redis_tls_audit/facts/tls.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rta::tls {

enum class KeyExchange {
  any,  // TLS 1.3: the group decides, always ephemeral
  rsa,
  dh,
  dhe,
  ecdh,
  ecdhe,
  psk,
  dhe_psk,
  ecdhe_psk,
  rsa_psk,
  krb5,
  srp,
  eccpwd,
  gost,
  fortezza,
  cecpq1
};
enum class Authentication { any, none, rsa, dss, ecdsa, psk, krb5, srp, gost, other };
enum class Cipher {
  null,
  rc4,
  rc2,
  des,
  triple_des,
  idea,
  seed,
  aes,
  aria,
  camellia,
  chacha20,
  aegis,
  sm4,
  gost,
  fortezza
};
enum class CipherMode { none, stream, cbc, gcm, ccm, ccm8, poly1305, aead };
enum class Mac { aead, md5, sha1, sha256, sha384, gost };

struct SuiteProperties {
  CipherSuite code;
  std::string_view name;          // IANA's
  std::string_view openssl_name;  // empty where OpenSSL has none
  KeyExchange key_exchange;
  Authentication authentication;
  Cipher cipher;
  CipherMode mode;
  int bits;  // strength of the cipher's key
  Mac mac;
  bool exportable;                // weakened on purpose
  bool registered;                // in IANA's registry
  ProtocolVersion first_version;  // that defines it; servers offer many below

  [[nodiscard]] bool is_aead() const { return mac == Mac::aead; }
  [[nodiscard]] bool is_tls13() const { return first_version == ProtocolVersion::tls1_3; }
  // A key that is stolen later does not open what was recorded.
  [[nodiscard]] bool has_forward_secrecy() const;
  [[nodiscard]] bool is_anonymous() const { return authentication == Authentication::none; }
  // TLS <= 1.2: the server signs its ephemeral key to answer.
  [[nodiscard]] bool makes_server_sign() const;
  // No profile allows it: no encryption, no authentication by certificate,
  // export strength, a broken cipher or MAC.
  [[nodiscard]] bool is_broken() const;
  // Why is_broken() holds: "no encryption", "RC4"; empty when it does not.
  [[nodiscard]] std::string_view broken_because() const;
};

// Every known suite, sorted by code; TLS_NULL_WITH_NULL_NULL and the two
// signalling values are not suites that a server can offer.
std::span<const SuiteProperties> all_suites();
const SuiteProperties* find_suite(CipherSuite suite);  // null: unknown code point
std::string suite_name(CipherSuite suite);             // "TLS_...", or "0x1234"
std::string openssl_suite_name(CipherSuite suite);     // OpenSSL's, else suite_name()
std::vector<std::string> suite_names(const std::vector<CipherSuite>& suites);

inline constexpr CipherSuite kRenegotiationScsv = 0x00FF;  // RFC 5746 3.3
inline constexpr CipherSuite kFallbackScsv = 0x5600;       // RFC 7507

// All suites in the order in which they are offered where the order shall not
// matter: strongest first, ChaCha20 after AES (a server that prefers it for
// clients that put it first would hide its real order), broken ones last.
const std::vector<CipherSuite>& suites_in_neutral_order();
// A suite of TLS 1.3 alone.
bool is_of_tls13(CipherSuite code);

enum class GroupKind {
  prime,
  char2,
  montgomery,
  gost,
  finite_field,
  ml_kem,
  hybrid,
  hybrid_draft,
  explicit_curve
};

struct GroupProperties {
  NamedGroup code;
  std::string_view name;
  GroupKind kind;
  int bits;  // of the field, modulus or ML-KEM parameter set

  [[nodiscard]] bool is_post_quantum() const {
    return kind == GroupKind::hybrid || kind == GroupKind::ml_kem ||
           kind == GroupKind::hybrid_draft;
  }
  [[nodiscard]] bool is_elliptic() const {
    return kind == GroupKind::prime || kind == GroupKind::char2 || kind == GroupKind::montgomery ||
           kind == GroupKind::gost;
  }
};

std::span<const GroupProperties> all_groups();
const GroupProperties* find_group(NamedGroup group);
std::string group_name(NamedGroup group);

enum class SignatureAlgorithm { rsa, rsa_pss, dsa, ecdsa, eddsa, ml_dsa, sm2, gost, eccsi, ibs };
enum class HashAlgorithm { md5, sha1, sha224, sha256, sha384, sha512, sm3, streebog, intrinsic };

struct SignatureProperties {
  SignatureScheme code;
  std::string_view name;
  SignatureAlgorithm algorithm;
  HashAlgorithm hash;
};

std::span<const SignatureProperties> all_signatures();
const SignatureProperties* find_signature(SignatureScheme scheme);
std::string signature_name(SignatureScheme scheme);

}  // namespace rta::tls
