#include <doctest/doctest.h>

#include "tests/support/certificate_story.h"
#include "tests/support/check_story.h"
#include "tests/support/pki.h"

namespace rta::checks {
extern const Check certificates_key_strength;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& kCheck = checks::certificates_key_strength;

Status of_key(x509::PrivateKey key, int days = 90) {
  Evidence evidence = story();
  serve(evidence,
        {make_self_signed(x509::proper_server({"redis"}, {}, issued_at(), days), std::move(key))
             .der});
  return findings(kCheck, evidence).at(0).status;
}

}  // namespace

TEST_CASE("RSA is judged by its size and its exponent's sanity") {
  CHECK(of_key(*x509::PrivateKey::make_rsa(2048)) == Status::pass);
  CHECK(of_key(*x509::PrivateKey::make_rsa(1024)) == Status::fail);
  CHECK(of_key(*x509::PrivateKey::make_rsa(2052)) == Status::warn);  // not a whole number of bytes
}

TEST_CASE("RSA-2048 beyond 2030 warns") {
  CHECK(of_key(*x509::PrivateKey::make_rsa(2048), 3000) == Status::warn);
  CHECK(of_key(*x509::PrivateKey::make_ec(), 3000) == Status::pass);
}

TEST_CASE("curves: NIST's pass, others warn, small ones fail, Ed25519 follows the profile") {
  CHECK(of_key(*x509::PrivateKey::make_ec("P-384")) == Status::pass);
  CHECK(of_key(*x509::PrivateKey::make_ec("secp256k1")) == Status::warn);
  CHECK(of_key(*x509::PrivateKey::make_ec("P-224")) == Status::fail);
  CHECK(of_key(*x509::PrivateKey::make_ed25519()) == Status::pass);
}

TEST_CASE("mozilla-modern takes ECDSA on P-256 and P-384 only") {
  Evidence evidence = story();
  serve(evidence, {make_self_signed(x509::proper_server({"redis"}, {}, issued_at(), 90),
                                    *x509::PrivateKey::make_rsa(2048))
                       .der});
  CHECK(verdicts(kCheck, evidence, profile("mozilla-modern")) ==
        Verdicts{{"endpoint redis:6379", Status::fail}});
}

TEST_CASE("no certificate is unknown") {
  CHECK(verdicts(kCheck, story()) == Verdicts{{"deployment", Status::unknown}});
}
