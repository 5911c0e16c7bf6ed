#include <doctest/doctest.h>

#include "tests/support/certificate_story.h"
#include "tests/support/check_story.h"
#include "tests/support/pki.h"

namespace rta::checks {
extern const Check certificates_san_covers_names;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& kCheck = checks::certificates_san_covers_names;

}  // namespace

TEST_CASE("a consumer's host that the certificate names passes, also by a wildcard") {
  Evidence evidence = story();
  serve(evidence, {make_server(make_authority()).der});
  add_consumer(evidence);
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"consumer backend@backend/.env", Status::pass}});
  Evidence other = story();
  serve(other, {make_server(make_authority(), "*.corp.test").der}, "cache.corp.test");
  add_consumer(other, "cache.corp.test");
  CHECK(verdicts(kCheck, other) == Verdicts{{"consumer backend@backend/.env", Status::pass}});
}

TEST_CASE("the guide's certificate fails: no names, and the common name does not count") {
  Evidence evidence = story();
  const Issued ca = make_self_signed(x509::guide_ca(issued_at()));
  serve(evidence, {make_issued(x509::guide_leaf(issued_at(), "redis", 1), ca).der});
  add_consumer(evidence);
  const std::vector<Finding> told = findings(kCheck, evidence);
  REQUIRE(told.size() == 1);
  CHECK(told[0].status == Status::fail);
  CHECK(told[0].message.contains("the common name does not count"));
  CHECK(told[0].remediation == "subjectAltName=DNS:redis");
  CHECK(findings(kCheck, evidence, profile("development")).at(0).status == Status::warn);
}

TEST_CASE("another name fails under every profile") {
  Evidence evidence = story();
  serve(evidence, {make_server(make_authority(), "other").der});
  add_consumer(evidence);
  CHECK(findings(kCheck, evidence).at(0).status == Status::fail);
  CHECK(findings(kCheck, evidence, profile("development")).at(0).status == Status::fail);
}

TEST_CASE("without a served chain the server's file answers, declared") {
  Evidence evidence = story();
  add_certificates(evidence, "server.pem", {make_server(make_authority()).der},
                   FileUse::server_certificate);
  add_consumer(evidence);
  const std::vector<Finding> told = findings(kCheck, evidence);
  REQUIRE(told.size() == 1);
  CHECK(told[0].status == Status::pass);
  CHECK(told[0].grade == Grade::declared);
}

TEST_CASE("an application without TLS and a template are not asked") {
  Evidence evidence = story();
  serve(evidence, {make_server(make_authority(), "redis").der});
  add_consumer(evidence, "other").level = VerificationLevel::plaintext;
  add_consumer(evidence, "other").template_file = true;
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"endpoint redis:6379", Status::pass}});
}

TEST_CASE("with nobody's name known, names must at least be there") {
  Evidence evidence = story();
  add_certificates(evidence, "server.pem", {make_server(make_authority()).der},
                   FileUse::server_certificate);
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"file server.pem", Status::pass}});
  Evidence bare = story();
  add_certificates(bare, "server.pem",
                   {make_self_signed(x509::guide_leaf(issued_at(), "redis", 1)).der},
                   FileUse::server_certificate);
  CHECK(verdicts(kCheck, bare) == Verdicts{{"file server.pem", Status::fail}});
}

TEST_CASE("no server certificate is unknown") {
  Evidence evidence = story();
  add_consumer(evidence);
  serve_nothing(evidence);
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"endpoint redis:6379", Status::unknown}});
}

TEST_CASE("without consumers the name that the operator gave for the target is compared") {
  Evidence evidence = story();
  Endpoint& endpoint = serve(evidence, {make_server(make_authority(), "other").der});
  CHECK(findings(kCheck, evidence).at(0).status == Status::fail);
  endpoint.chain.value()->server_name_sent = "other";
  CHECK(findings(kCheck, evidence).at(0).status == Status::pass);
}
