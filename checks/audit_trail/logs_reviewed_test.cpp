#include "tests/support/check_story.h"
#include "tests/support/redis_story.h"

namespace rta::checks {
extern const Check audit_trail_logs_reviewed;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& check = checks::audit_trail_logs_reviewed;

Verdicts endpoint(Status status) { return {{"endpoint redis:6379", status}}; }

}  // namespace

TEST_CASE("a review of the last 90 days passes, an older one does not count") {
  Evidence evidence = story();
  add_endpoint(evidence, hardened_server());
  CHECK(verdicts(check, evidence) == endpoint(Status::manual));
  Attestation& review = add_attestation(evidence, "audit-review");
  CHECK(verdicts(check, evidence) == endpoint(Status::pass));
  review.date = evidence.as_of - std::chrono::days{91};
  CHECK(verdicts(check, evidence) == endpoint(Status::manual));
}

TEST_CASE("an attestation of another kind is no review") {
  Evidence evidence = story();
  add_attestation(evidence, "audit-logging");
  CHECK(verdicts(check, evidence) == Verdicts{{"deployment", Status::manual}});
  CHECK(findings(check, evidence, profile("development")).front().severity == Severity::info);
}
