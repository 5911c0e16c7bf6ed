#include "collect/live/rogue_certificates.h"

#include <doctest/doctest.h>

#include <set>

#include "tests/support/pki.h"
#include "x509/certificate.h"
#include "x509/chain.h"

using namespace rta;
using namespace rta::testing;

namespace {

const Timestamp kNow = issued_at() + std::chrono::days{30};

std::map<RogueKind, x509::Certificate> rogues_for(const std::vector<Bytes>& served) {
  const Result<std::vector<RogueClient>> made = make_rogue_clients(served, kNow);
  REQUIRE(made.has_value());
  std::map<RogueKind, x509::Certificate> all;
  for (const RogueClient& rogue : *made)
    all[rogue.kind] = *x509::parse_certificate(rogue.certificate);
  return all;
}

}  // namespace

TEST_CASE("each rogue is wrong in its own way and right otherwise") {
  const Issued authority = make_authority("Corp Root");
  const auto all = rogues_for({make_server(authority).der, authority.der});
  CHECK(all.size() == 6);
  const auto is_valid = [](const x509::Certificate& certificate) {
    return certificate.not_before <= kNow && kNow <= certificate.not_after;
  };
  for (const auto& [kind, certificate] : all) {
    INFO(name_of(kind));
    CHECK(is_valid(certificate) ==
          (kind != RogueKind::expired && kind != RogueKind::not_yet_valid));
    CHECK(certificate.self_signed == (kind == RogueKind::self_signed));
    CHECK(certificate.has_extended_use("clientAuth") == (kind != RogueKind::server_only));
    CHECK_FALSE(certificate.is_ca());
  }
  CHECK(all.at(RogueKind::expired).not_after < kNow);
  CHECK(all.at(RogueKind::not_yet_valid).not_before > kNow);
  CHECK(all.at(RogueKind::server_only).has_extended_use("serverAuth"));
}

TEST_CASE("the namesake bears the name of the server's authority and not its key") {
  const Issued authority = make_authority("Corp Root");
  const auto all = rogues_for({make_server(authority).der});
  CHECK(all.at(RogueKind::namesake_authority).issuer == "CN=Corp Root");
  CHECK(all.at(RogueKind::strange_authority).issuer != "CN=Corp Root");
  const Result<std::vector<RogueClient>> made =
      make_rogue_clients({make_server(authority).der}, kNow);
  for (const RogueClient& rogue : *made)
    CHECK_FALSE(x509::was_issued_by(rogue.certificate, authority.der));
}

TEST_CASE("a server whose certificate cannot be read still meets all six, with keys of their own") {
  const std::vector<Bytes> garbage{{1, 2, 3}};
  CHECK(rogues_for(garbage).size() == 6);
  std::set<std::string> keys;
  for (const auto& [kind, certificate] : rogues_for({})) keys.insert(certificate.spki_sha256);
  CHECK(keys.size() == 6);
}
