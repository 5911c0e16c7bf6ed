#include <doctest/doctest.h>

#include "tests/support/certificate_story.h"
#include "tests/support/check_story.h"
#include "tests/support/pki.h"

namespace rta::checks {
extern const Check served_chain_same_everywhere;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& kCheck = checks::served_chain_same_everywhere;

}  // namespace

TEST_CASE("one way only is not applicable, two equal ones pass") {
  const Issued ca = make_authority();
  const Bytes leaf = make_server(ca).der;
  Evidence evidence = story();
  serve(evidence, {leaf});
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"endpoint redis:6379", Status::not_applicable}});
  ConsumerSession session;
  session.certificates = {leaf};
  add_consumer(evidence).session = session;
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"deployment", Status::pass}});
}

TEST_CASE("another certificate on another way warns, an expired one fails") {
  const Issued ca = make_authority();
  Evidence evidence = story();
  serve(evidence, {make_server(ca).der});
  ConsumerSession session;
  session.certificates = {make_server(ca).der};
  add_consumer(evidence).session = session;
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"consumer backend@backend/.env", Status::warn}});
  session.certificates = {make_issued(x509::proper_server({"redis"}, {}, issued_at(), 1), ca).der};
  evidence.consumers[0].session = session;
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"consumer backend@backend/.env", Status::fail}});
}

TEST_CASE(
    "one key on two hosts warns; two hosts with one certificate, or keys of their own, do not") {
  const Issued ca = make_authority();
  const x509::PrivateKey key = *x509::PrivateKey::make_ec();
  const auto with_key = [&](const char* name) {
    return *x509::issue(x509::proper_server({name}, {}, issued_at(), 90), key, ca.der, ca.key);
  };
  Evidence evidence = story();
  serve(evidence, {with_key("a")}, "a");
  serve(evidence, {with_key("b")}, "b");
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"endpoint b:6379", Status::warn}});
  Evidence apart = story();
  serve(apart, {make_server(ca, "a").der}, "a");
  serve(apart, {make_server(ca, "b").der}, "b");
  CHECK(verdicts(kCheck, apart) == Verdicts{{"deployment", Status::pass}});
}

TEST_CASE("a second certificate for other signatures must be as good as the first") {
  const Issued ca = make_authority();
  Evidence evidence = story();
  Endpoint& endpoint = serve(evidence, {make_server(ca).der, ca.der});
  add_consumer(evidence, "redis", {ca.der});
  const auto told = [&](ChainWay way, std::vector<Bytes> certificates) {
    endpoint.further_chains = {{.certificates = std::move(certificates), .way = way}};
    return findings(kCheck, evidence).front();
  };
  CHECK(told(ChainWay::ecdsa_only, {make_server(ca).der, ca.der}).status == Status::pass);
  CHECK(told(ChainWay::without_name, {make_server(ca).der, ca.der}).status == Status::warn);
  CHECK(told(ChainWay::other_address, {make_server(ca).der, ca.der}).status == Status::warn);
  const auto expired = make_issued(x509::proper_server({"redis"}, {}, issued_at(), 1), ca).der;
  for (const ChainWay way : {ChainWay::rsa_only, ChainWay::without_name, ChainWay::other_address}) {
    const Finding finding = told(way, {expired, ca.der});
    CHECK(finding.status == Status::fail);
    CHECK(finding.message.contains("it expired on"));
  }
  const Issued stranger = make_authority("Somebody's Root");
  CHECK(told(ChainWay::random_name, {make_server(stranger).der}).message.contains("vouches"));
  CHECK(told(ChainWay::rsa_only, {make_server(ca, "other").der}).message.contains("not for redis"));
  // A default certificate for another name is no fault of clients that ask for none.
  CHECK(told(ChainWay::without_name, {make_server(ca, "other").der}).status == Status::warn);
}

TEST_CASE("the same certificate for every name passes") {
  const Issued ca = make_authority();
  Evidence evidence = story();
  Endpoint& endpoint = serve(evidence, {make_server(ca).der});
  SessionFacts sessions;
  sessions.names = {{.asked = NameAsked::usual, .same_certificate = true},
                    {.asked = NameAsked::none, .same_certificate = true}};
  endpoint.sessions = sessions;
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"deployment", Status::pass}});
}

TEST_CASE("nothing seen is unknown") {
  CHECK(verdicts(kCheck, story()) == Verdicts{{"deployment", Status::unknown}});
}

TEST_CASE("two endpoints are told as two, also when they serve one certificate") {
  const Issued ca = make_authority();
  const Bytes leaf = make_server(ca).der;
  Evidence evidence = story();
  serve(evidence, {leaf});
  serve(evidence, {leaf}, "replica");
  CHECK(findings(kCheck, evidence).at(0).message.starts_with("each of 2 endpoints"));
}
