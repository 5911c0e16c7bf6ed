#include "tests/support/check_story.h"
#include "tests/support/redis_story.h"

namespace rta::checks {
extern const Check audit_trail_access_audit_source;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& check = checks::audit_trail_access_audit_source;

Verdicts endpoint(Status status) { return {{"endpoint redis:6379", status}}; }

}  // namespace

TEST_CASE("only a person can say who records access; PCI fails without one") {
  Evidence evidence = story();
  add_endpoint(evidence, hardened_server());
  CHECK(verdicts(check, evidence) == endpoint(Status::manual));
  CHECK(verdicts(check, evidence, profile("pci-dss-4")) == endpoint(Status::fail));
  evidence.artefacts.push_back({.purpose = Purpose::access_audit, .summary = "envoy access log"});
  CHECK(verdicts(check, evidence) == endpoint(Status::manual));
  CHECK(verdicts(check, evidence, profile("pci-dss-4")) == endpoint(Status::manual));
}

TEST_CASE("an attestation names the source, or that there is none") {
  Evidence evidence = story();
  add_endpoint(evidence, hardened_server());
  Attestation& attestation = add_attestation(evidence, "audit-logging");
  attestation.details["source"] = "application access log";
  CHECK(verdicts(check, evidence) == endpoint(Status::pass));
  attestation.details["source"] = "none";
  CHECK(verdicts(check, evidence) == endpoint(Status::fail));
}

TEST_CASE("an expired attestation, or one for another target, says nothing") {
  Evidence evidence = story();
  add_endpoint(evidence, hardened_server());
  Attestation& attestation = add_attestation(evidence, "audit-logging");
  attestation.expires = evidence.as_of - std::chrono::days{1};
  CHECK(verdicts(check, evidence) == endpoint(Status::manual));
  attestation.expires = evidence.as_of + std::chrono::days{1};
  attestation.targets = {"other:6379"};
  CHECK(verdicts(check, evidence) == endpoint(Status::manual));
}

TEST_CASE("PCI does not fail what nobody looked at, and development only informs") {
  CHECK(verdicts(check, story(), profile("pci-dss-4")) == Verdicts{{"deployment", Status::manual}});
  CHECK(findings(check, story(), profile("development")).front().severity == Severity::info);
}
