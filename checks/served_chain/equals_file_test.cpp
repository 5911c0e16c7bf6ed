#include <doctest/doctest.h>

#include "tests/support/certificate_story.h"
#include "tests/support/check_story.h"
#include "tests/support/pki.h"

namespace rta::checks {
extern const Check served_chain_equals_file;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& kCheck = checks::served_chain_equals_file;

}  // namespace

TEST_CASE("the file's certificate passes, also with the authority's behind it") {
  const Issued ca = make_authority();
  const Issued leaf = make_server(ca);
  Evidence evidence = story();
  serve(evidence, {leaf.der, ca.der});
  add_certificates(evidence, "server.pem", {leaf.der}, FileUse::server_certificate);
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"endpoint redis:6379", Status::pass}});
}

TEST_CASE("a newer file means rotated but not reloaded") {
  const Issued ca = make_authority();
  Evidence evidence = story();
  serve(evidence, {make_server(ca).der});
  add_certificates(evidence, "server.pem",
                   {make_issued(x509::proper_server({"redis"}, {}, story_time(), 90), ca).der},
                   FileUse::server_certificate);
  const std::vector<Finding> told = findings(kCheck, evidence);
  CHECK(told.at(0).status == Status::fail);
  CHECK(told.at(0).message.contains("rotated, but not reloaded"));
  CHECK(told.at(0).expected != told.at(0).observed);
}

TEST_CASE(
    "another certificate of the same age fails too, but a CA file is no server's certificate") {
  const Issued ca = make_authority();
  Evidence evidence = story();
  serve(evidence, {make_server(ca).der});
  add_certificates(evidence, "ca.pem", {ca.der}, FileUse::server_ca);
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"endpoint redis:6379", Status::unknown}});
  add_certificates(evidence, "server.pem", {make_server(ca).der}, FileUse::server_certificate);
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"endpoint redis:6379", Status::fail}});
}

TEST_CASE("nothing live is unknown, and a rehearsal is nothing live") {
  Evidence evidence = story();
  const Issued leaf = make_server(make_authority());
  serve(evidence, {leaf.der}).kind = EndpointKind::rehearsal;
  add_certificates(evidence, "server.pem", {leaf.der}, FileUse::server_certificate);
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"deployment", Status::unknown}});
}

TEST_CASE("what the running server names as its own goes before other files") {
  const Issued ca = make_authority();
  const Issued served = make_server(ca);
  Evidence evidence = story();
  serve(evidence, {served.der});
  add_certificates(evidence, "other.pem", {served.der}, FileUse::server_certificate);
  add_certificates(evidence, "/etc/redis/redis.crt", {make_server(ca).der},
                   FileUse::server_certificate, "redis:6379");
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"endpoint redis:6379", Status::fail}});
}
