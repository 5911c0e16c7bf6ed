#include <doctest/doctest.h>

#include "tests/support/certificate_story.h"
#include "tests/support/check_story.h"
#include "tests/support/pki.h"
#include "x509/certificate.h"

namespace rta::checks {
extern const Check certificates_trusted_issuer;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& kCheck = checks::certificates_trusted_issuer;

Evidence served_by(const Issued& ca) {
  Evidence evidence = story();
  serve(evidence, {make_server(ca).der, ca.der});
  return evidence;
}
Status of(const Evidence& evidence) { return findings(kCheck, evidence).at(0).status; }

}  // namespace

TEST_CASE("a listed anchor passes and outweighs its tutorial subject; any other fails") {
  const Issued ca = make_self_signed(x509::guide_ca(issued_at()));
  Evidence evidence = served_by(ca);
  evidence.anchors_given = true;
  evidence.trusted_anchor_sha256 = {x509::parse_certificate(ca.der)->sha256};
  CHECK(of(evidence) == Status::pass);
  evidence.trusted_anchor_sha256 = {std::string(64, 'a')};
  CHECK(of(evidence) == Status::fail);
}

TEST_CASE("the guide's authority fails in production and passes in development") {
  const Evidence evidence = served_by(make_self_signed(x509::guide_ca(issued_at())));
  CHECK(of(evidence) == Status::fail);
  CHECK(findings(kCheck, evidence, profile("development")).at(0).status == Status::pass);
}

TEST_CASE("a self-signed server certificate fails, and warns in development") {
  Evidence evidence = story();
  serve(evidence, {make_self_signed(x509::proper_server({"redis"}, {}, issued_at(), 90)).der});
  CHECK(of(evidence) == Status::fail);
  CHECK(findings(kCheck, evidence, profile("development")).at(0).status == Status::warn);
}

TEST_CASE("a public authority passes without anchors, and not beside others unless listed") {
  const Issued ca = make_authority();
  Evidence evidence = served_by(ca);
  evidence.public_store = {ca.der};
  CHECK(of(evidence) == Status::pass);
  evidence.anchors_given = true;
  CHECK(of(evidence) == Status::fail);
  evidence.trust_public_store = true;
  CHECK(of(evidence) == Status::pass);
}

TEST_CASE("a private authority is for a person to confirm, and then passes as attested") {
  const Issued ca = make_authority();
  Evidence evidence = served_by(ca);
  CHECK(of(evidence) == Status::manual);
  Attestation statement;
  statement.kind = "trusted-ca";
  statement.targets = {"*"};
  statement.date = story_time() - std::chrono::days{1};
  statement.expires = story_time() + std::chrono::days{1};
  statement.details["fingerprint"] = x509::parse_certificate(ca.der)->sha256;
  evidence.attestations = {statement};
  const std::vector<Finding> told = findings(kCheck, evidence);
  CHECK(told.at(0).status == Status::pass);
  CHECK(told.at(0).grade == Grade::attested);
  // Several authorities, and a fingerprint as openssl prints it.
  std::string printed;
  for (std::size_t i = 0; i < 64; i += 2)
    printed += (i == 0 ? "" : ":") + statement.details["fingerprint"].substr(i, 2);
  std::ranges::transform(printed, printed.begin(), [](char c) { return static_cast<char>(std::toupper(c)); });
  Attestation another = statement;
  another.details["fingerprint"] = std::string(64, 'a');
  statement.details["fingerprint"] = printed;
  evidence.attestations = {another, statement};
  CHECK(of(evidence) == Status::pass);
}

TEST_CASE("an impostor with the listed authority's name does not pass") {
  const Issued ca = make_authority();
  const Issued impostor = make_authority();
  Evidence evidence = story();
  serve(evidence, {make_server(impostor).der, ca.der});
  evidence.anchors_given = true;
  evidence.trusted_anchor_sha256 = {x509::parse_certificate(ca.der)->sha256};
  CHECK(of(evidence) == Status::fail);
}

TEST_CASE("a chain that was not seen is unknown") {
  Evidence evidence = story();
  serve_nothing(evidence);
  CHECK(of(evidence) == Status::unknown);
}
