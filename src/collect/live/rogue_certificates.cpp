#include "collect/live/rogue_certificates.h"

#include "x509/certificate.h"
#include "x509/issue.h"

namespace rta {
namespace {

using std::chrono::days;
using x509::CertificateSpec;
using x509::PrivateKey;

constexpr int kDays = 2;
constexpr const char* kName = "redis-tls-audit rogue client";

// Whoever signed the served leaf, by name; our own words when that is unknown.
std::vector<std::pair<std::string, std::string>> issuer_name(const std::vector<Bytes>& served) {
  if (!served.empty()) {
    const Result<x509::Certificate> leaf = x509::parse_certificate(served.front());
    if (leaf && !leaf->issuer_parts.empty()) return leaf->issuer_parts;
  }
  return {{"CN", "redis-tls-audit namesake authority"}};
}

struct Authority {
  PrivateKey key;
  Bytes certificate;
};

Result<Authority> make_authority(const CertificateSpec& spec) {
  Result<PrivateKey> key = PrivateKey::make_ec();
  if (!key) return std::move(key).error();
  Result<Bytes> certificate = x509::self_sign(spec, *key);
  if (!certificate) return std::move(certificate).error();
  return Authority{std::move(*key), std::move(*certificate)};
}

Result<Authority> namesake_of(const std::vector<Bytes>& served, Timestamp from) {
  CertificateSpec spec = x509::proper_ca("", from, 2 * kDays);
  spec.subject = issuer_name(served);
  Result<Authority> made = make_authority(spec);
  if (made) return made;
  // A name that OpenSSL does not take back: a plain one tells nearly as much.
  spec.subject = {{"CN", "redis-tls-audit namesake authority"}};
  return make_authority(spec);
}

RogueClient packed(RogueKind kind, Bytes certificate, const Authority* authority,
                   const PrivateKey& key) {
  std::string pem = x509::certificate_pem(certificate);
  if (authority != nullptr) pem += x509::certificate_pem(authority->certificate);
  return {kind, std::move(certificate), Bytes{pem.begin(), pem.end()},
          std::make_shared<const Secret>(key.pem().clone())};
}

Result<RogueClient> issued(RogueKind kind, const CertificateSpec& spec,
                           const Authority& authority) {
  Result<PrivateKey> key = PrivateKey::make_ec();
  if (!key) return std::move(key).error();
  Result<Bytes> made = x509::issue(spec, *key, authority.certificate, authority.key);
  if (!made) return std::move(made).error();
  return packed(kind, std::move(*made), &authority, *key);
}

Result<RogueClient> self_signed(const CertificateSpec& spec) {
  Result<Authority> made = make_authority(spec);
  if (!made) return std::move(made).error();
  return packed(RogueKind::self_signed, made->certificate, nullptr, made->key);
}

}  // namespace

Result<std::vector<RogueClient>> make_rogue_clients(const std::vector<Bytes>& served,
                                                    Timestamp now) {
  const Timestamp yesterday = now - days{1};
  Result<Authority> strange =
      make_authority(x509::proper_ca("redis-tls-audit strange authority", yesterday, 2 * kDays));
  if (!strange) return std::move(strange).error();
  Result<Authority> namesake = namesake_of(served, now - days{30});
  if (!namesake) return std::move(namesake).error();

  const CertificateSpec good = x509::proper_client(kName, yesterday, kDays);
  CertificateSpec server_only = good;
  server_only.extension("extendedKeyUsage", "serverAuth");

  std::vector<RogueClient> all;
  const auto add = [&](Result<RogueClient> made) {
    if (made) all.push_back(std::move(*made));
    return made ? Result<void>{} : Result<void>{std::move(made).error()};
  };
  for (const auto& step :
       {add(issued(RogueKind::strange_authority, good, *strange)),
        add(issued(RogueKind::namesake_authority, good, *namesake)), add(self_signed(good)),
        add(issued(RogueKind::expired, x509::proper_client(kName, now - days{20}, 10), *namesake)),
        add(issued(RogueKind::not_yet_valid, x509::proper_client(kName, now + days{10}, 10),
                   *namesake)),
        add(issued(RogueKind::server_only, server_only, *namesake))})
    if (!step) return Error{step.error()};
  return all;
}

}  // namespace rta
