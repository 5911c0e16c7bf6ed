#include "rehearse/stand_in.h"

#include <arpa/inet.h>

#include <array>
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

bool is_ip_address(const std::string& name) {
  std::array<unsigned char, 16> address{};
  return ::inet_pton(AF_INET, name.c_str(), address.data()) == 1 ||
         ::inet_pton(AF_INET6, name.c_str(), address.data()) == 1;
}

// For every name by which the project's clients know their server.
Result<std::string> make_leaf(const Material& given, const x509::PrivateKey& key, ByteView ca,
                              Timestamp now) {
  std::vector<std::string> names{"localhost"};
  std::vector<std::string> addresses;
  for (const std::string& name : given.server_names)
    (is_ip_address(name) ? addresses : names).push_back(name);
  const auto leaf = x509::issue(x509::proper_server(names, addresses, now, 1), key, ca, key);
  if (!leaf) return leaf.error();
  return x509::certificate_pem(*leaf);
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
  if (whole.stand_in_ca) {
    whole.ca = x509::certificate_pem(*ca);
    const auto client = x509::issue(x509::proper_client("rehearsal", now, 1), *key, *ca, *key);
    if (!client) return client.error();
    whole.made.client_certificate = x509::certificate_pem(*client);
    whole.made.client_key = key->pem();
  }
  if (!whole.stand_in) return whole;
  auto leaf = make_leaf(given, *key, *ca, now);
  if (!leaf) return leaf.error();
  whole.certificate = std::move(*leaf);
  whole.key = key->pem();
  whole.made.anchor = x509::certificate_pem(*ca);
  return whole;
}

}  // namespace rta::rehearse
