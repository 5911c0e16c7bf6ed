#include <doctest/doctest.h>

#include "tests/support/certificate_story.h"
#include "tests/support/check_story.h"
#include "tests/support/pki.h"

namespace rta::checks {
extern const Check certificates_signature_digest;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& kCheck = checks::certificates_signature_digest;

Status signed_with(const std::string& digest, const Issued& authority) {
  x509::CertificateSpec spec = x509::proper_server({"redis"}, {}, issued_at(), 90);
  spec.digest = digest;
  Evidence evidence = story();
  serve(evidence, {make_issued(spec, authority).der});
  return findings(kCheck, evidence).at(0).status;
}

}  // namespace

TEST_CASE("SHA-224 and better pass, SHA-1 fails, EdDSA has its own digest") {
  CHECK(signed_with("SHA256", make_authority()) == Status::pass);
  CHECK(signed_with("SHA224", make_authority()) == Status::pass);
  CHECK(signed_with("SHA1", make_authority()) == Status::fail);
  CHECK(signed_with("", make_self_signed(x509::proper_ca("Corp Root", issued_at(), 900),
                                         *x509::PrivateKey::make_ed25519())) == Status::pass);
}

TEST_CASE("a root's signature over itself is left out") {
  Evidence evidence = story();
  x509::CertificateSpec spec = x509::proper_ca("Corp Root", issued_at(), 900);
  spec.digest = "SHA1";
  add_certificates(evidence, "ca.pem", {make_self_signed(spec).der}, FileUse::server_ca);
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"deployment", Status::not_applicable}});
}

TEST_CASE("a chain that was not seen is unknown") {
  Evidence evidence = story();
  serve_nothing(evidence);
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"endpoint redis:6379", Status::unknown}});
}
