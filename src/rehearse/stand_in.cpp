#include "rehearse/stand_in.h"

#include <chrono>

#include "base/text.h"
#include "rehearse/sandbox.h"
#include "x509/certificate.h"
#include "x509/issue.h"
#include "x509/pem.h"

namespace rta::rehearse {
namespace {

// The certificate alone tells the kind of key: with an ECDSA stand-in no RSA
// suite would show, and the other way round. RSA-2048 where nothing is known.
Result<x509::PrivateKey> key_like(const std::string& certificate_pem) {
  for (const x509::PemBlock& block : x509::parse_pem(as_bytes(certificate_pem)).blocks) {
    const auto certificate = x509::parse_certificate(block.der);
    if (!certificate) continue;
    if (certificate->key.type == "EC")
      return x509::PrivateKey::make_ec(certificate->key.curve == "P-384" ? "P-384" : "P-256");
    if (certificate->key.type == "ED25519") return x509::PrivateKey::make_ed25519();
    break;
  }
  return x509::PrivateKey::make_rsa(2048);
}

}  // namespace

Result<ServedMaterial> complete_material(const Material& given, bool needs_ca) {
  ServedMaterial whole;
  whole.certificate = given.certificate.text;
  whole.key = given.key.clone();
  whole.ca = given.ca.text;
  whole.dh = given.dh.text;
  whole.stand_in = given.certificate.text.empty() || given.key.empty();
  whole.stand_in_ca = needs_ca && given.ca.text.empty();
  if (!whole.stand_in && !whole.stand_in_ca) return whole;

  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) -
                   std::chrono::hours{1};
  // One key for both: making an RSA key is most of a rehearsal's time.
  const auto key = key_like(given.certificate.text);
  if (!key) return key.error();
  const auto ca = x509::self_sign(x509::proper_ca("Rehearsal CA", now, 2), *key);
  if (!ca) return ca.error();
  if (whole.stand_in_ca) whole.ca = x509::certificate_pem(*ca);
  if (!whole.stand_in) return whole;
  const auto leaf = x509::issue(x509::proper_server({"localhost"}, {}, now, 1), *key, *ca, *key);
  if (!leaf) return leaf.error();
  whole.certificate = x509::certificate_pem(*leaf);
  whole.key = key->pem();
  return whole;
}

}  // namespace rta::rehearse
