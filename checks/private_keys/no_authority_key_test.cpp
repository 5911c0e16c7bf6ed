#include <doctest/doctest.h>

#include "tests/support/certificate_story.h"
#include "tests/support/check_story.h"
#include "tests/support/pki.h"

namespace rta::checks {
extern const Check private_keys_no_authority_key;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& kCheck = checks::private_keys_no_authority_key;

}  // namespace

TEST_CASE("an authority's key in the project fails, and warns in development") {
  const Issued ca = make_authority();
  Evidence evidence = story();
  add_certificates(evidence, "ca.pem", {ca.der}, FileUse::server_ca);
  add_key(evidence, "ca-key.pem", FileUse::found_in_tree, ca.key.spki_sha256());
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"file ca-key.pem", Status::fail}});
  CHECK(verdicts(kCheck, evidence, profile("development")) ==
        Verdicts{{"file ca-key.pem", Status::warn}});
}

TEST_CASE(
    "the authority may be known from the served chain alone, and the services that get its key are "
    "named") {
  const Issued ca = make_authority();
  Evidence evidence = story();
  serve(evidence, {make_server(ca).der, ca.der});
  add_key(evidence, "ca-key.pem", FileUse::mounted, ca.key.spki_sha256());
  ComposeProject compose;
  compose.services.emplace_back().name = "worker";
  compose.services[0].mounts.emplace_back().private_keys = {"ca-key.pem"};
  evidence.compose = compose;
  CHECK(findings(kCheck, evidence).at(0).message.contains("mounted into worker"));
}

TEST_CASE("a server's key passes") {
  const Issued ca = make_authority();
  Evidence evidence = story();
  add_certificates(evidence, "ca.pem", {ca.der}, FileUse::server_ca);
  add_key(evidence, "k.pem", FileUse::server_key, make_server(ca).key.spki_sha256());
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"deployment", Status::pass}});
}

TEST_CASE("encrypted and unseen keys are unknown, no keys not applicable") {
  Evidence evidence = story();
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"deployment", Status::not_applicable}});
  add_key(evidence, "k.pem").encrypted = true;
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"deployment", Status::unknown}});
}

TEST_CASE("without a project, the keys that a server names say nothing about others") {
  Evidence evidence = story();
  evidence.scope.project.reset();
  add_key(evidence, "/etc/redis/redis.key", FileUse::server_key, "aa", "redis:6379");
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"deployment", Status::unknown}});
}
