#include "x509/issue.h"

#include <doctest/doctest.h>

#include "base/digest.h"
#include "base/text.h"

using namespace rta;
using namespace rta::x509;

namespace {

const Timestamp kNow = *parse_timestamp("2026-11-23T00:00:00Z");

}  // namespace

TEST_CASE("a CA and a server certificate are made from one specification each") {
  const PrivateKey ca_key = *PrivateKey::make_ec();
  const Result<Bytes> ca = self_sign(proper_ca("Test CA", kNow, 365), ca_key);
  REQUIRE_MESSAGE(ca.has_value(), (ca ? "" : ca.error().text()));
  const PrivateKey key = *PrivateKey::make_ed25519();
  const Result<Bytes> leaf =
      issue(proper_server({"redis"}, {"127.0.0.1", "::1"}, kNow, 90), key, *ca, ca_key);
  REQUIRE_MESSAGE(leaf.has_value(), (leaf ? "" : leaf.error().text()));
  CHECK(certificate_pem(*leaf).starts_with("-----BEGIN CERTIFICATE-----\nMII"));
  CHECK(as_text(*leaf).contains("redis"));
}

TEST_CASE("what cannot be made is an error with its reason") {
  const PrivateKey key = *PrivateKey::make_ec();
  CertificateSpec spec = guide_ca(kNow);
  CHECK(issue(spec, key, as_bytes("no certificate"), key).error().text().contains("issuer"));
  spec.extension("subjectAltName", "nonsense");
  CHECK(self_sign(spec, key).error().text().contains("subjectAltName"));
  spec.without("subjectAltName").digest = "no such digest";
  CHECK(self_sign(spec, key).error().text().contains("no such digest"));
  CHECK_FALSE(PrivateKey::make_ec("no such curve").has_value());
}

TEST_CASE("names that would change the specification are left out") {
  const CertificateSpec spec = proper_server({"redis", "a,DNS:evil", "b\nc", ""}, {"::1"}, kNow, 1);
  for (const auto& [name, value] : spec.extensions)
    if (name == "subjectAltName") CHECK(value == "DNS:redis,IP:::1");
}

TEST_CASE("a key is written as PKCS#8, plain or encrypted, and knows its public half") {
  const PrivateKey key = *PrivateKey::make_rsa(2048);
  CHECK(key.kind() == "RSA");
  CHECK(key.bits() == 2048);
  CHECK(key.pem().expose().starts_with("-----BEGIN PRIVATE KEY-----\n"));
  CHECK(key.encrypted_pem("pass").expose().starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
  CHECK(key.spki_sha256().size() == 64);
  CHECK(key.spki_sha256() != PrivateKey::make_ec()->spki_sha256());
}
