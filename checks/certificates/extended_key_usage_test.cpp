#include <doctest/doctest.h>

#include "tests/support/certificate_story.h"
#include "tests/support/check_story.h"
#include "tests/support/pki.h"

namespace rta::checks {
extern const Check certificates_extended_key_usage;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& kCheck = checks::certificates_extended_key_usage;

Bytes leaf(const std::string& uses) {
  x509::CertificateSpec spec = x509::proper_server({"redis"}, {}, issued_at(), 90);
  if (uses.empty())
    spec.without("extendedKeyUsage");
  else
    spec.extension("extendedKeyUsage", uses);
  return make_issued(spec, make_authority()).der;
}
Status of(const std::string& uses, FileUse use) {
  Evidence evidence = story();
  add_certificates(evidence, "c.pem", {leaf(uses)}, use);
  return findings(kCheck, evidence).at(0).status;
}

}  // namespace

TEST_CASE("a server's certificate is for servers") {
  CHECK(of("serverAuth", FileUse::server_certificate) == Status::pass);
  CHECK(of("clientAuth", FileUse::server_certificate) == Status::fail);
  CHECK(of("", FileUse::server_certificate) == Status::warn);
  CHECK(of("anyExtendedKeyUsage", FileUse::server_certificate) == Status::warn);
}

TEST_CASE("a server's certificate that serves as client too is a remark") {
  Evidence evidence = story();
  add_certificates(evidence, "c.pem", {leaf("serverAuth,clientAuth")}, FileUse::server_certificate);
  const std::vector<Finding> told = findings(kCheck, evidence);
  CHECK(told.at(0).status == Status::warn);
  CHECK(told.at(0).severity == Severity::info);
}

TEST_CASE("a client's certificate is for clients alone") {
  CHECK(of("clientAuth", FileUse::consumer_certificate) == Status::pass);
  CHECK(of("serverAuth", FileUse::consumer_certificate) == Status::fail);
  CHECK(of("clientAuth,serverAuth", FileUse::consumer_certificate) == Status::fail);
  CHECK(of("", FileUse::consumer_certificate) == Status::warn);
}

TEST_CASE("authorities alone are not applicable, nothing is unknown") {
  Evidence evidence = story();
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"deployment", Status::unknown}});
  add_certificates(evidence, "ca.pem", {make_authority().der}, FileUse::server_ca);
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"deployment", Status::not_applicable}});
}
