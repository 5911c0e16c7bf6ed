#include <doctest/doctest.h>

#include "tests/support/certificate_story.h"
#include "tests/support/check_story.h"
#include "tests/support/pki.h"

namespace rta::checks {
extern const Check certificates_well_formed;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& kCheck = checks::certificates_well_formed;

}  // namespace

TEST_CASE("a file with certificates alone passes") {
  Evidence evidence = story();
  add_certificates(evidence, "c.pem", {make_authority().der}, FileUse::server_ca);
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"file c.pem", Status::pass}});
}

TEST_CASE("a private key in a named certificate file fails, in a file that nobody names it warns") {
  Evidence evidence = story();
  add_certificates(evidence, "a.pem", {make_authority().der}, FileUse::server_certificate)
      .other_blocks = {"PRIVATE KEY"};
  add_certificates(evidence, "b.pem", {make_authority().der}, FileUse::found_in_tree)
      .other_blocks = {"EC PRIVATE KEY"};
  CHECK(verdicts(kCheck, evidence) ==
        Verdicts{{"file a.pem", Status::fail}, {"file b.pem", Status::warn}});
}

TEST_CASE("nothing readable fails, one broken block beside good ones warns") {
  Evidence evidence = story();
  add_certificates(evidence, "a.pem", {}, FileUse::consumer_ca).problems = {
      "the file is a web page"};
  add_certificates(evidence, "b.pem", {make_authority().der}, FileUse::consumer_ca).problems = {
      "block 2: no END line"};
  CHECK(verdicts(kCheck, evidence) ==
        Verdicts{{"file a.pem", Status::fail}, {"file b.pem", Status::warn}});
}

TEST_CASE(
    "a request in place of a certificate and a certificate twice warn; parameters beside one do "
    "not") {
  Evidence evidence = story();
  const Bytes der = make_authority().der;
  add_certificates(evidence, "a.pem", {}, FileUse::consumer_ca).other_blocks = {
      "CERTIFICATE REQUEST"};
  add_certificates(evidence, "b.pem", {der, der}, FileUse::consumer_ca);
  add_certificates(evidence, "c.pem", {der}, FileUse::consumer_ca).other_blocks = {"DH PARAMETERS"};
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"file a.pem", Status::warn},
                                               {"file b.pem", Status::warn},
                                               {"file c.pem", Status::pass}});
}

TEST_CASE("DER fails where Redis reads it and warns elsewhere") {
  Evidence evidence = story();
  const Bytes der = make_authority().der;
  add_certificates(evidence, "a.der", {der}, FileUse::server_certificate).is_pem = false;
  add_certificates(evidence, "b.der", {der}, FileUse::consumer_ca).is_pem = false;
  CHECK(verdicts(kCheck, evidence) ==
        Verdicts{{"file a.der", Status::fail}, {"file b.der", Status::warn}});
}

TEST_CASE("the authority in front of the server's certificate fails") {
  Evidence evidence = story();
  const Issued ca = make_authority();
  const Issued leaf = make_server(ca);
  add_certificates(evidence, "a.pem", {ca.der, leaf.der}, FileUse::server_certificate);
  add_certificates(evidence, "b.pem", {leaf.der, ca.der}, FileUse::server_certificate);
  CHECK(verdicts(kCheck, evidence) ==
        Verdicts{{"file a.pem", Status::fail}, {"file b.pem", Status::pass}});
}

TEST_CASE("an unreadable file is unknown, no file is not applicable") {
  Evidence evidence = story();
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"deployment", Status::not_applicable}});
  add_certificate_gap(evidence, "c.pem", GapReason::denied);
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"file c.pem", Status::unknown}});
}
