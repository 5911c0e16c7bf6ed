#include <doctest/doctest.h>

#include "tests/support/certificate_story.h"
#include "tests/support/check_story.h"
#include "tests/support/pki.h"

namespace rta::checks {
extern const Check private_keys_matches_certificate;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& kCheck = checks::private_keys_matches_certificate;

}  // namespace

TEST_CASE("a key is compared with the certificate that the same configuration names") {
  const Issued leaf = make_server(make_authority());
  Evidence evidence = story();
  add_certificates(evidence, "c.pem", {leaf.der}, FileUse::server_certificate);
  KeyFile& key = add_key(evidence, "k.pem", FileUse::server_key, leaf.key.spki_sha256());
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"file k.pem", Status::pass}});
  key.spki_sha256 = make_authority().key.spki_sha256();
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"file k.pem", Status::fail}});
  key.encrypted = true;
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"file k.pem", Status::unknown}});
}

TEST_CASE("files that different configurations name are no pair") {
  Evidence evidence = story();
  add_certificates(evidence, "c.pem", {make_server(make_authority()).der},
                   FileUse::server_certificate, "a.conf");
  add_key(evidence, "k.pem", FileUse::server_key, "other", "b.conf");
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"deployment", Status::not_applicable}});
}

TEST_CASE("one key in two leaves warns") {
  const Issued ca = make_authority();
  const x509::PrivateKey key = *x509::PrivateKey::make_ec();
  const Bytes server =
      *x509::issue(x509::proper_server({"redis"}, {}, issued_at(), 90), key, ca.der, ca.key);
  const Bytes client =
      *x509::issue(x509::proper_client("worker", issued_at(), 90), key, ca.der, ca.key);
  Evidence evidence = story();
  add_certificates(evidence, "a.pem", {server}, FileUse::server_certificate);
  add_certificates(evidence, "b.pem", {client}, FileUse::consumer_certificate);
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"file b.pem", Status::warn}});
}
