#include "collect/public_store.h"

#include <doctest/doctest.h>

#include "tests/support/certificate_story.h"
#include "tests/support/check_story.h"
#include "tests/support/pki.h"

using namespace rta;
using namespace rta::testing;
using Names = std::set<std::string>;

TEST_CASE("a private deployment that brings its root needs nothing of the system's store") {
  const Issued root = make_authority();
  Evidence evidence = story();
  serve(evidence, {make_server(root).der, root.der});
  CHECK(issuers_without_root(evidence).empty());
}

TEST_CASE("an issuer whose root is nowhere is looked up") {
  Evidence evidence = story();
  serve(evidence, {make_server(make_authority()).der});
  CHECK(issuers_without_root(evidence) == Names{"CN=Corp Root"});
}

TEST_CASE("a namesake of the root that made no signature hides nothing") {
  Evidence evidence = story();
  serve(evidence, {make_server(make_authority()).der});
  add_certificates(evidence, "certs/ca.pem", {make_authority().der}, FileUse::found_in_tree);
  CHECK(issuers_without_root(evidence) == Names{"CN=Corp Root"});
}
