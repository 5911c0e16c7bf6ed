#include <doctest/doctest.h>

#include "tests/support/certificate_story.h"
#include "tests/support/check_story.h"
#include "tests/support/pki.h"

namespace rta::checks {
extern const Check certificates_proper_authority;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& kCheck = checks::certificates_proper_authority;

Status of(const x509::CertificateSpec& spec) {
  Evidence evidence = story();
  add_certificates(evidence, "ca.pem", {make_self_signed(spec).der}, FileUse::server_ca);
  return findings(kCheck, evidence).at(0).status;
}

}  // namespace

TEST_CASE("a proper authority passes, the guide's warns for its missing key usage") {
  CHECK(of(x509::proper_ca("Corp Root", issued_at(), 900)) == Status::pass);
  CHECK(of(x509::guide_ca(issued_at())) == Status::warn);
}

TEST_CASE("no CA:TRUE, no keyCertSign and an end in the past fail") {
  CHECK(of(x509::proper_ca("Corp Root", issued_at(), 900)
               .extension("basicConstraints", "critical,CA:FALSE")) == Status::fail);
  CHECK(of(x509::proper_ca("Corp Root", issued_at(), 900)
               .extension("keyUsage", "critical,cRLSign")) == Status::fail);
  CHECK(of(x509::proper_ca("Corp Root", issued_at(), 10)) == Status::fail);
}

TEST_CASE("an authority that ends before its leaf fails") {
  const Issued ca = make_self_signed(x509::proper_ca("Corp Root", issued_at(), 100));
  Evidence evidence = story();
  add_certificates(evidence, "ca.pem", {ca.der}, FileUse::server_ca);
  add_certificates(evidence, "leaf.pem",
                   {make_issued(x509::proper_server({"redis"}, {}, issued_at(), 200), ca).der},
                   FileUse::server_certificate);
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"file ca.pem", Status::fail}});
}

TEST_CASE(
    "pathlen is asked of an authority that issues leaves, not of a root above intermediates") {
  const Issued root =
      make_self_signed(x509::proper_ca("Corp Root", issued_at(), 900, std::nullopt));
  Evidence evidence = story();
  add_certificates(evidence, "ca.pem", {root.der}, FileUse::server_ca);
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"file ca.pem", Status::pass}});
  add_certificates(evidence, "leaf.pem", {make_server(root).der}, FileUse::server_certificate);
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"file ca.pem", Status::warn}});
}

TEST_CASE("a bundle with expired authorities warns once") {
  Evidence evidence = story();
  std::vector<Bytes> bundle(11, make_self_signed(x509::proper_ca("Old Root", issued_at(), 1)).der);
  add_certificates(evidence, "bundle.pem", bundle, FileUse::consumer_ca);
  CHECK(verdicts(kCheck, evidence).size() <= 1);
  serve(evidence, {make_server(make_authority()).der});
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"file bundle.pem", Status::warn}});
}

TEST_CASE("no authority is not applicable, nothing is unknown") {
  Evidence evidence = story();
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"deployment", Status::unknown}});
  serve(evidence, {make_server(make_authority()).der});
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"deployment", Status::not_applicable}});
}
