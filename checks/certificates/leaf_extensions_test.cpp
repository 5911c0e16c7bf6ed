#include <doctest/doctest.h>

#include "tests/support/certificate_story.h"
#include "tests/support/check_story.h"
#include "tests/support/pki.h"

namespace rta::checks {
extern const Check certificates_leaf_extensions;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& kCheck = checks::certificates_leaf_extensions;

x509::CertificateSpec proper() { return x509::proper_server({"redis"}, {}, issued_at(), 90); }
Status of(const x509::CertificateSpec& spec) {
  Evidence evidence = story();
  serve(evidence, {make_issued(spec, make_authority()).der});
  return findings(kCheck, evidence).at(0).status;
}

}  // namespace

TEST_CASE("a leaf with all extensions passes") { CHECK(of(proper()) == Status::pass); }

TEST_CASE("version 1, an authority as leaf and a wrong key usage fail") {
  CHECK(of(x509::guide_leaf(issued_at(), "localhost", 1)) == Status::fail);
  CHECK(of(proper().extension("basicConstraints", "critical,CA:TRUE")) == Status::fail);
  CHECK(of(proper().extension("keyUsage", "critical,cRLSign")) == Status::fail);
  CHECK(of(proper().extension("keyUsage", "critical,digitalSignature,keyCertSign")) ==
        Status::fail);
  CHECK(of(proper().extension("1.2.3.4", "critical,DER:0500")) == Status::fail);
}

TEST_CASE("a missing extension warns") {
  for (const char* name :
       {"basicConstraints", "keyUsage", "subjectKeyIdentifier", "authorityKeyIdentifier"})
    CHECK(of(proper().without(name)) == Status::warn);
}

TEST_CASE("an unknown extension that is not critical does no harm") {
  CHECK(of(proper().extension("1.2.3.4", "DER:0500")) == Status::pass);
}

TEST_CASE("authorities alone are not applicable, nothing is unknown") {
  Evidence evidence = story();
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"deployment", Status::unknown}});
  add_certificates(evidence, "ca.pem", {make_authority().der}, FileUse::server_ca);
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"deployment", Status::not_applicable}});
}
