#include "x509/certificate.h"

#include <doctest/doctest.h>

#include "tests/support/check_story.h"
#include "tests/support/pki.h"
#include "x509/names.h"

using namespace rta;
using namespace rta::x509;
using rta::testing::Issued;

namespace {

const Timestamp kNow = rta::testing::story_time();

Certificate read(const Bytes& der) {
  Result<Certificate> certificate = parse_certificate(der);
  REQUIRE_MESSAGE(certificate.has_value(), (certificate ? "" : certificate.error().text()));
  return *certificate;
}

}  // namespace

TEST_CASE("the guide's leaf is a version 1 certificate without extensions") {
  const Issued ca = rta::testing::make_self_signed(guide_ca(kNow));
  const Certificate leaf = read(
      rta::testing::make_issued(guide_leaf(kNow, "localhost", 1), ca, *PrivateKey::make_rsa(2048))
          .der);
  CHECK(leaf.version == 1);
  CHECK(leaf.subject == "CN=localhost,O=Organization,L=City,ST=State,C=US");
  CHECK(leaf.issuer == "CN=Redis-CA,O=Organization,L=City,ST=State,C=US");
  CHECK(leaf.common_name == "localhost");
  CHECK(leaf.serial == "01");
  CHECK(leaf.serial_bits == 1);
  CHECK(leaf.lifetime() == std::chrono::days{3650} + std::chrono::seconds{1});
  CHECK(leaf.signature_digest == "SHA256");
  CHECK(leaf.key.type == "RSA");
  CHECK(leaf.key.bits == 2048);
  CHECK(leaf.key.rsa_exponent == 65537);
  CHECK(leaf.key.rsa_modulus.size() == 256);
  CHECK_FALSE(leaf.alternative_names.has_value());
  CHECK_FALSE(leaf.key_usage.has_value());
  CHECK_FALSE(leaf.has_authority_key_id);
  CHECK_FALSE(leaf.self_signed);
}

TEST_CASE("the guide's CA has key identifiers and basic constraints, and no key usage") {
  const Certificate ca = read(rta::testing::make_self_signed(guide_ca(kNow)).der);
  CHECK(ca.version == 3);
  REQUIRE(ca.basic_constraints.has_value());
  CHECK(ca.basic_constraints->critical);
  CHECK(ca.is_ca());
  CHECK(ca.has_subject_key_id);
  CHECK(ca.has_authority_key_id);
  CHECK_FALSE(ca.key_usage.has_value());
  CHECK(ca.self_signed);
  CHECK(ca.serial_bits == 127);
  CHECK(ca.serial_octets == 16);
  CHECK(ca.key.curve == "P-256");
  CHECK_FALSE(ca.key.explicit_parameters);
}

TEST_CASE("extensions are read one by one") {
  CertificateSpec spec = proper_server({"redis", "*.corp.test"}, {"127.0.0.1", "::1"}, kNow, 90);
  spec.extension("crlDistributionPoints", "URI:http://crl.test/x.crl");
  spec.extension("authorityInfoAccess", "OCSP;URI:http://ocsp.test");
  spec.extension("tlsfeature", "status_request");
  spec.extension("1.2.3.4", "critical,DER:0500");
  const Certificate leaf =
      read(rta::testing::make_issued(spec, rta::testing::make_authority()).der);
  REQUIRE(leaf.alternative_names.has_value());
  CHECK(leaf.alternative_names->dns == std::vector<std::string>{"redis", "*.corp.test"});
  REQUIRE(leaf.alternative_names->addresses.size() == 2);
  CHECK(address_text(leaf.alternative_names->addresses[1]) == "::1");
  REQUIRE(leaf.key_usage.has_value());
  CHECK(leaf.key_usage->has(KeyUse::digital_signature));
  CHECK_FALSE(leaf.key_usage->has(KeyUse::key_cert_sign));
  CHECK(leaf.has_extended_use("serverAuth"));
  CHECK_FALSE(leaf.has_extended_use("clientAuth"));
  CHECK(leaf.crl_urls == std::vector<std::string>{"http://crl.test/x.crl"});
  CHECK(leaf.ocsp_urls == std::vector<std::string>{"http://ocsp.test"});
  CHECK(leaf.must_staple);
  CHECK(leaf.unknown_critical == std::vector<std::string>{"1.2.3.4"});
}

TEST_CASE("a NUL in a name is seen, and the printable subject carries no control bytes") {
  CertificateSpec spec = proper_server({}, {}, kNow, 90);
  // GeneralNames { dNSName "redis\0.evil" }
  spec.extension("2.5.29.17", "DER:300d820b7265646973002e6576696c");
  spec.subject = {{"CN", std::string("a\x1b[31m\0b", 8)}};
  const Certificate leaf =
      read(rta::testing::make_issued(spec, rta::testing::make_authority()).der);
  CHECK(leaf.name_contains_nul);
  CHECK(leaf.alternative_names->dns[0] == std::string("redis\0.evil", 11));
  CHECK_FALSE(leaf.subject.contains('\x1b'));
  CHECK_FALSE(leaf.subject.contains('\0'));
}

TEST_CASE("the subject alone is the subject of the whole, and nothing for what is no certificate") {
  const Bytes der = rta::testing::make_authority().der;
  CHECK(subject_of(der) == read(der).subject);
  for (std::size_t cut = 0; cut < der.size(); ++cut) CHECK(subject_of(ByteView{der}.first(cut)).empty());
}

TEST_CASE("three thousand names are read") {
  std::vector<std::string> names;
  for (int i = 0; i < 3000; ++i) names.push_back(fmt::format("n{}.corp.test", i));
  const Certificate leaf = read(
      rta::testing::make_issued(proper_server(names, {}, kNow, 90), rta::testing::make_authority())
          .der);
  CHECK(leaf.alternative_names->dns.size() == 3000);
  CHECK(names_text(leaf, 2) == "DNS:n0.corp.test, DNS:n1.corp.test and 2998 more");
}

TEST_CASE("serials of zero, below zero and beyond twenty octets are told") {
  CertificateSpec spec = proper_ca("Corp Root", kNow, 90);
  spec.serial = 0;
  const Certificate zero = read(rta::testing::make_self_signed(spec).der);
  CHECK_FALSE(zero.serial_is_positive);
  CHECK(zero.serial_bits == 0);
  // The serial stands right behind the version: flip its sign bit in the DER.
  spec.serial = 0x7f01;
  Bytes der = rta::testing::make_self_signed(spec).der;
  const auto at = std::ranges::search(der, Bytes{0x02, 0x02, 0x7f, 0x01});
  REQUIRE_FALSE(at.empty());
  *(at.begin() + 2) = 0xff;
  const Certificate negative = read(der);
  CHECK_FALSE(negative.serial_is_positive);
  CHECK(negative.serial.starts_with("-"));
}

TEST_CASE("times around the border of 2050, the end of time and month 13") {
  CHECK(to_rfc3339(*parse_asn1_time("491231235959Z", false)) == "2049-12-31T23:59:59Z");
  CHECK(to_rfc3339(*parse_asn1_time("500101000000Z", false)) == "1950-01-01T00:00:00Z");
  CHECK(to_rfc3339(*parse_asn1_time("20500101000000Z", true)) == "2050-01-01T00:00:00Z");
  CHECK(to_rfc3339(*parse_asn1_time("99991231235959Z", true)) == "9999-12-31T23:59:59Z");
  for (const std::string_view bad :
       {"", "Z", "261301000000Z", "260230000000Z", "260101240000Z", "260101000060Z", "2601010000Z",
        "260101000000+0100", "26010100000aZ"})
    CHECK_FALSE(parse_asn1_time(bad, false).has_value());
  CertificateSpec spec = proper_ca("Corp Root", kNow, 1);
  spec.not_after = *parse_timestamp("9999-12-31T23:59:59Z");
  CHECK(read(rta::testing::make_self_signed(spec).der).not_after == spec.not_after);
}

TEST_CASE("an unreadable date is told, not taken for a moment") {
  CertificateSpec spec = proper_ca("Corp Root", *parse_timestamp("2026-10-11T00:00:00Z"), 90);
  Bytes der = rta::testing::make_self_signed(spec).der;
  const auto at = std::ranges::search(der, as_bytes("261011000000Z"));
  REQUIRE_FALSE(at.empty());
  *(at.begin() + 3) = '3';  // month 13
  CHECK_FALSE(read(der).dates_are_readable);
}

TEST_CASE("keys of several kinds are named") {
  const CertificateSpec spec = proper_ca("Corp Root", kNow, 90);
  const auto key_of = [&](PrivateKey key) {
    return read(rta::testing::make_self_signed(spec, std::move(key)).der).key;
  };
  CHECK(key_of(*PrivateKey::make_ec("P-384")).curve == "P-384");
  CHECK(key_of(*PrivateKey::make_ec("secp256k1")).curve == "secp256k1");
  const PublicKey edwards = key_of(*PrivateKey::make_ed25519());
  CHECK(edwards.type == "ED25519");
  CHECK(edwards.bits == 256);
}

TEST_CASE("a certificate and its key have the same public half") {
  const Issued server = rta::testing::make_server(rta::testing::make_authority());
  CHECK(read(server.der).spki_sha256 == server.key.spki_sha256());
}

TEST_CASE("no cut of a certificate is a certificate, and nothing may follow one") {
  const Bytes whole = rta::testing::make_server(rta::testing::make_authority()).der;
  for (std::size_t size = 0; size < whole.size(); ++size)
    CHECK_FALSE(parse_certificate(ByteView{whole}.first(size)).has_value());
  Bytes longer = whole;
  longer.push_back(0);
  CHECK_FALSE(parse_certificate(longer).has_value());
}

TEST_CASE("a hundred thousand nested sequences are refused without a crash") {
  Bytes deep;
  for (int i = 0; i < 100'000; ++i) deep.insert(deep.end(), {0x30, 0x80});
  CHECK_FALSE(parse_certificate(deep).has_value());
}
