#include <doctest/doctest.h>

#include "tests/support/certificate_story.h"
#include "tests/support/check_story.h"
#include "tests/support/pki.h"

namespace rta::checks {
extern const Check certificates_revocation;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& kCheck = checks::certificates_revocation;

x509::CertificateSpec proper() { return x509::proper_server({"redis"}, {}, issued_at(), 90); }

}  // namespace

TEST_CASE("a public certificate should say where its revocation is published") {
  const Issued ca = make_authority();
  Evidence evidence = story();
  evidence.public_store = {ca.der};
  serve(evidence, {make_server(ca).der});
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"endpoint redis:6379", Status::warn}});
  evidence.endpoints.clear();
  serve(evidence,
        {make_issued(proper().extension("crlDistributionPoints", "URI:http://crl.test/a.crl"), ca)
             .der});
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"endpoint redis:6379", Status::pass}});
}

TEST_CASE("must-staple fails: Redis cannot staple") {
  Evidence evidence = story();
  serve(evidence,
        {make_issued(proper().extension("tlsfeature", "status_request"), make_authority()).der});
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"endpoint redis:6379", Status::fail}});
}

TEST_CASE("client certificates are short-lived where they are demanded") {
  const Issued ca = make_authority();
  Evidence evidence = story();
  serve(evidence, {make_server(ca).der}).chain.value()->client_certificate =
      ClientCertificateDemand::required;
  add_certificates(evidence, "long.pem",
                   {make_issued(x509::proper_client("worker", issued_at(), 365), ca).der},
                   FileUse::consumer_certificate);
  add_certificates(evidence, "short.pem",
                   {make_issued(x509::proper_client("worker", issued_at(), 90), ca).der},
                   FileUse::consumer_certificate);
  CHECK(verdicts(kCheck, evidence) ==
        Verdicts{{"file long.pem", Status::warn}, {"file short.pem", Status::pass}});
  evidence.endpoints[0].chain.value()->client_certificate = ClientCertificateDemand::none;
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"deployment", Status::not_applicable}});
}

TEST_CASE("nothing seen is unknown") {
  CHECK(verdicts(kCheck, story()) == Verdicts{{"deployment", Status::unknown}});
}
