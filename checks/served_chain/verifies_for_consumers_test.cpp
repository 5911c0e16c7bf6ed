#include <doctest/doctest.h>

#include "tests/support/certificate_story.h"
#include "tests/support/check_story.h"
#include "tests/support/pki.h"

namespace rta::checks {
extern const Check served_chain_verifies_for_consumers;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& kCheck = checks::served_chain_verifies_for_consumers;

}  // namespace

TEST_CASE("a consumer with the issuing CA passes, with another it fails") {
  const Issued ca = make_authority();
  Evidence evidence = story();
  serve(evidence, {make_server(ca).der});
  add_consumer(evidence, "redis", {ca.der});
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"consumer backend@backend/.env", Status::pass}});
  evidence.consumers[0].ca_certificates = {make_authority("Other Root").der};
  const std::vector<Finding> told = findings(kCheck, evidence);
  CHECK(told.at(0).status == Status::fail);
  CHECK(told.at(0).message.contains("unable to get local issuer certificate"));
}

TEST_CASE("no CA configured means the system's store") {
  const Issued ca = make_authority();
  Evidence evidence = story();
  serve(evidence, {make_server(ca).der, ca.der});
  add_consumer(evidence);
  CHECK(findings(kCheck, evidence).at(0).status == Status::fail);
  evidence.public_store = {ca.der};
  CHECK(findings(kCheck, evidence).at(0).status == Status::pass);
}

TEST_CASE("an intermediate as the only anchor warns") {
  const Issued root = make_self_signed(x509::proper_ca("Corp Root", issued_at(), 900, 1));
  const Issued middle = make_issued(x509::proper_ca("Corp Issuing", issued_at(), 800), root);
  Evidence evidence = story();
  serve(evidence, {make_server(middle).der});
  add_consumer(evidence, "redis", {middle.der});
  CHECK(findings(kCheck, evidence).at(0).status == Status::warn);
}

TEST_CASE("a placeholder or missing CA file is not this check's, and neither is plaintext") {
  Evidence evidence = story();
  serve(evidence, {make_server(make_authority()).der});
  Consumer& consumer = add_consumer(evidence);
  consumer.ca.emplace();
  consumer.ca->declared = "/absolute/path/to/ca.pem";
  consumer.ca->placeholder = true;
  CHECK(verdicts(kCheck, evidence) ==
        Verdicts{{"consumer backend@backend/.env", Status::not_applicable}});
  consumer.ca->placeholder = false;
  CHECK(verdicts(kCheck, evidence) ==
        Verdicts{{"consumer backend@backend/.env", Status::not_applicable}});
}

TEST_CASE("an endpoint that did not answer is unknown for its consumer") {
  Evidence evidence = story();
  serve_nothing(evidence);
  add_consumer(evidence, "redis", {make_authority().der});
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"consumer backend@backend/.env", Status::unknown}});
}

TEST_CASE("what a consumer's own session saw counts before the audit's") {
  const Issued ca = make_authority();
  Evidence evidence = story();
  serve(evidence, {make_server(make_authority("Other Root")).der});
  ConsumerSession session;
  session.certificates = {make_server(ca).der};
  add_consumer(evidence, "redis", {ca.der}).session = session;
  CHECK(findings(kCheck, evidence).at(0).status == Status::pass);
}

TEST_CASE("without applications the operator's anchors speak, and without those nobody does") {
  const Issued ca = make_authority();
  Evidence evidence = story();
  serve(evidence, {make_server(ca).der});
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"endpoint redis:6379", Status::unknown}});
  evidence.anchors_given = true;
  evidence.trusted_anchors = {ca.der};
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"endpoint redis:6379", Status::pass}});
}

TEST_CASE("the remedy heals what is wrong: a CA file does not renew a certificate") {
  const Issued ca = make_authority();
  Evidence evidence = story();
  serve(evidence, {make_server(ca).der});
  add_consumer(evidence, "redis", {ca.der});
  evidence.as_of += std::chrono::days{4000};
  CHECK(findings(kCheck, evidence).at(0).remediation.starts_with("renew"));
  evidence.as_of = issued_at() - std::chrono::days{1};
  CHECK(findings(kCheck, evidence).at(0).remediation.contains("clocks"));

  Evidence authority = story();
  serve(authority, {make_issued(x509::proper_ca("redis", issued_at(), 90), ca).der});
  add_consumer(authority, "redis", {ca.der});
  CHECK(findings(kCheck, authority).at(0).remediation.contains("extendedKeyUsage=serverAuth"));
}
