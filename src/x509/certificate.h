// Certificate is what one X.509 certificate says, taken apart once so that
// checks read plain values. Pure: nothing is fetched, no clock is read. The
// text of names is as encoded by whoever made the certificate: it may hold
// anything, NUL and escape sequences too, unless a field says "printable".
// Any thread.
#pragma once

#include <redis_tls_audit/bytes.h>
#include <redis_tls_audit/result.h>
#include <redis_tls_audit/time.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rta::x509 {

struct BasicConstraints {
  bool critical = false;
  bool is_ca = false;
  std::optional<int> path_length;
};

// RFC 5280 4.2.1.3, numbered as there.
enum class KeyUse {
  digital_signature = 0,
  non_repudiation = 1,
  key_encipherment = 2,
  data_encipherment = 3,
  key_agreement = 4,
  key_cert_sign = 5,
  crl_sign = 6
};

struct KeyUsage {
  bool critical = false;
  std::uint16_t bits = 0;
  [[nodiscard]] bool has(KeyUse use) const { return (bits >> static_cast<int>(use) & 1U) != 0; }
};

struct AlternativeNames {
  std::vector<std::string> dns;  // raw
  std::vector<Bytes> addresses;  // 4 or 16 bytes when well-formed
  std::vector<std::string> emails;
  std::vector<std::string> uris;
  std::size_t others = 0;  // otherName, directoryName ...
  [[nodiscard]] bool usable() const { return !dns.empty() || !addresses.empty(); }
};

struct PublicKey {
  std::string type;  // "RSA", "RSA-PSS", "DSA", "EC", "ED25519", an OID if unknown
  int bits = 0;
  std::string curve;                 // "P-256", "secp256k1"
  bool explicit_parameters = false;  // EC parameters written out instead of named
  Bytes rsa_modulus;
  std::optional<std::uint64_t> rsa_exponent;  // absent for others, and above 64 bits
};

struct Certificate {
  int version = 1;
  std::string subject;  // printable, RFC 2253: "CN=localhost,O=Organization"
  std::string issuer;
  std::vector<std::pair<std::string, std::string>>
      subject_parts;  // {"O", "Organization"}, as encoded order
  std::vector<std::pair<std::string, std::string>> issuer_parts;
  std::string common_name;  // raw, the last one; empty when there is none
  std::string serial;       // lower-case hex without leading zeros, "-" in front when negative
  int serial_bits = 0;
  bool serial_is_positive = true;
  std::size_t serial_octets = 0;  // of the DER integer
  bool dates_are_readable = true;
  Timestamp not_before;
  Timestamp not_after;              // the last second in which it is valid
  std::string signature_algorithm;  // "sha256WithRSAEncryption"
  std::string signature_digest;     // "SHA256"; empty when the algorithm has its own (EdDSA)
  PublicKey key;
  std::string spki_sha256;  // lower-case hex
  std::string sha256;       // of the whole DER
  std::optional<AlternativeNames> alternative_names;
  bool name_contains_nul = false;  // in a dNSName, e-mail, URI or the common name
  std::optional<BasicConstraints> basic_constraints;
  std::optional<KeyUsage> key_usage;
  // "serverAuth", "clientAuth", "anyExtendedKeyUsage", dotted numbers for others.
  std::optional<std::vector<std::string>> extended_key_usage;
  bool has_subject_key_id = false;
  bool has_authority_key_id = false;
  bool has_crl_distribution_point = false;
  std::vector<std::string> crl_urls;
  std::vector<std::string> ocsp_urls;
  bool must_staple = false;  // RFC 7633
  bool has_name_constraints = false;
  std::vector<std::string> unknown_critical;  // OIDs
  bool has_broken_extension = false;          // duplicate or undecodable
  bool self_issued = false;                   // subject and issuer are the same name
  bool self_signed = false;                   // and its own key made the signature

  [[nodiscard]] bool is_ca() const { return basic_constraints && basic_constraints->is_ca; }
  [[nodiscard]] bool has_extended_use(std::string_view use) const;
  // RFC 5280 4.1.2.5: both ends are inclusive.
  [[nodiscard]] std::chrono::seconds lifetime() const {
    return not_after - not_before + std::chrono::seconds{1};
  }
};

// Exactly one certificate in DER.
Result<Certificate> parse_certificate(ByteView der);

// The subject alone, as Certificate has it, without the cost of the rest (a
// self-signature is verified there); empty for what is no certificate.
std::string subject_of(ByteView der);

// The moment in an ASN.1 UTCTime or GeneralizedTime as RFC 5280 profiles it;
// absent when it names no moment (month 13).
std::optional<Timestamp> parse_asn1_time(std::string_view text, bool generalized);

}  // namespace rta::x509
