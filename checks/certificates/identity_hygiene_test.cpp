#include <doctest/doctest.h>

#include "tests/support/certificate_story.h"
#include "tests/support/check_story.h"
#include "tests/support/pki.h"

namespace rta::checks {
extern const Check certificates_identity_hygiene;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& kCheck = checks::certificates_identity_hygiene;

x509::CertificateSpec proper() { return x509::proper_server({"redis"}, {}, issued_at(), 90); }
Status of(const x509::CertificateSpec& spec) {
  Evidence evidence = story();
  serve(evidence, {make_issued(spec, make_authority()).der});
  return findings(kCheck, evidence).at(0).status;
}

}  // namespace

TEST_CASE("a random serial and plain names pass") { CHECK(of(proper()) == Status::pass); }

TEST_CASE("guessable serials and tutorial subjects warn") {
  x509::CertificateSpec spec = proper();
  spec.serial = 1;
  CHECK(of(spec) == Status::warn);
  spec.serial = 0x7fffffffffffffff;  // 63 bits: a random one may begin with zeros
  CHECK(of(spec) == Status::pass);
  spec.subject = {{"O", "Internet Widgits Pty Ltd"}};
  CHECK(of(spec) == Status::warn);
}

TEST_CASE("a wildcard over a whole domain and a NUL in a name fail") {
  CHECK(of(proper().extension("subjectAltName", "DNS:*.com")) == Status::fail);
  CHECK(of(proper()
               .extension("2.5.29.17", "DER:300d820b7265646973002e6576696c")
               .without("subjectAltName")) == Status::fail);
}

TEST_CASE("a name that is no host name and a common name beside the others warn") {
  CHECK(of(proper().extension("subjectAltName", "DNS:a_b.corp.test")) == Status::warn);
  x509::CertificateSpec spec = proper();
  spec.subject = {{"CN", "other.corp.test"}};
  CHECK(of(spec) == Status::warn);
}

TEST_CASE("an ordinary wildcard and loopback names are remarks beside a pass") {
  for (const char* names : {"DNS:*.corp.test", "DNS:localhost,IP:127.0.0.1"}) {
    x509::CertificateSpec spec = proper().extension("subjectAltName", names);
    Evidence evidence = story();
    serve(evidence, {make_issued(spec, make_authority()).der});
    const std::vector<Finding> told = findings(kCheck, evidence);
    REQUIRE(told.size() == 2);
    CHECK(told[0].status == Status::pass);
    CHECK(told[1].severity == Severity::info);
  }
}

TEST_CASE("one serial number for two certificates fails") {
  const Issued ca = make_authority();
  x509::CertificateSpec spec = proper();
  spec.serial = 0x7fffffffffffffff;
  Evidence evidence = story();
  add_certificates(evidence, "a.pem", {make_issued(spec, ca).der}, FileUse::server_certificate);
  add_certificates(evidence, "b.pem", {make_issued(spec, ca).der}, FileUse::server_certificate);
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"file a.pem", Status::pass},
                                               {"file b.pem", Status::pass},
                                               {"file b.pem", Status::fail}});
}

TEST_CASE("roots are left out, nothing is unknown") {
  Evidence evidence = story();
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"deployment", Status::unknown}});
  add_certificates(evidence, "ca.pem", {make_self_signed(x509::guide_ca(issued_at())).der},
                   FileUse::server_ca);
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"deployment", Status::not_applicable}});
}
