#include <doctest/doctest.h>

#include "tests/support/artefact_stories.h"

namespace rta::checks {
extern const Check managed_encryption_declared;
}

using namespace rta;
using rta::testing::artefact;
using rta::testing::tree_with;
using rta::testing::Verdicts;
using rta::testing::verdicts;

namespace {
const Check& kCheck = checks::managed_encryption_declared;
}

namespace {
Artefact service(std::vector<std::string> problems) {
  Artefact service = artefact(Purpose::managed_service, ArtefactKind::terraform);
  service.problems = std::move(problems);
  return service;
}
}  // namespace

TEST_CASE("missing encryption fails, missing logs warn, everything declared passes") {
  CHECK(verdicts(kCheck, tree_with({service({"warn: a", "fail: b"})})) ==
        Verdicts{{"artefact ops/story", Status::fail}});
  CHECK(verdicts(kCheck, tree_with({service({"warn: a"})})) ==
        Verdicts{{"artefact ops/story", Status::warn}});
  CHECK(verdicts(kCheck, tree_with({service({})})) ==
        Verdicts{{"artefact ops/story", Status::pass}});
}

TEST_CASE("the remedy is written in the language of the declaration") {
  const auto remedy = [](ArtefactKind kind, std::vector<std::string> problems) {
    Artefact one = service(std::move(problems));
    one.kind = kind;
    return rta::testing::findings(kCheck, tree_with({one})).at(0).remediation;
  };
  CHECK(remedy(ArtefactKind::cloudformation,
               {"fail: TransitEncryptionEnabled is no", "fail: AuthToken"}) ==
        "TransitEncryptionEnabled: true\nUserGroupIds: [GROUP]");
  CHECK(remedy(ArtefactKind::script, {"fail: --transit-encryption-enabled is missing"}) ==
        "--transit-encryption-enabled");
  CHECK(remedy(ArtefactKind::script, {"fail: --transit-encryption-mode is disabled, not "
                                      "server-authentication"}) ==
        "--transit-encryption-mode=server-authentication");
  CHECK(remedy(ArtefactKind::script, {"fail: --enable-non-ssl-port opens the plaintext port"}) ==
        "leave --enable-non-ssl-port out");
  CHECK(remedy(ArtefactKind::terraform, {"fail: non_ssl_port_enabled is true"}) ==
        "non_ssl_port_enabled = false");
  CHECK(remedy(ArtefactKind::terraform, {"fail: transit_encryption_enabled is false, not true"})
            .starts_with("transit_encryption_enabled = true"));
}

TEST_CASE("without a managed service there is nothing to declare") {
  CHECK(verdicts(kCheck, tree_with({})) == Verdicts{{"deployment", Status::not_applicable}});
  CHECK(verdicts(kCheck, rta::testing::story()) == Verdicts{{"deployment", Status::unknown}});
}
