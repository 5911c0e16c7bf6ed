#include "tests/support/check_story.h"
#include "tests/support/redis_story.h"
#include "tests/support/server_log_story.h"

namespace rta::checks {
extern const Check audit_trail_logs_reviewed;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& check = checks::audit_trail_logs_reviewed;

// What is said about the review; how old the log is stands beside it.
Verdicts of_review(const Evidence& evidence) {
  Verdicts all;
  for (const Finding& finding : findings(check, evidence))
    if (finding.variant.empty()) all.emplace_back(finding.subject.text(), finding.status);
  return all;
}

Finding of_log(const Evidence& evidence) {
  for (const Finding& finding : findings(check, evidence))
    if (finding.variant == "newest line") return finding;
  FAIL("nothing was said about the log");
  return {};
}

Verdicts endpoint(Status status) { return {{"endpoint redis:6379", status}}; }

}  // namespace

TEST_CASE("a review of the last 90 days passes, an older one does not count") {
  Evidence evidence = story();
  add_endpoint(evidence, hardened_server());
  CHECK(of_review(evidence) == endpoint(Status::manual));
  Attestation& review = add_attestation(evidence, "audit-review");
  CHECK(of_review(evidence) == endpoint(Status::pass));
  review.date = evidence.as_of - std::chrono::days{91};
  CHECK(of_review(evidence) == endpoint(Status::manual));
}

TEST_CASE("an attestation of another kind is no review") {
  Evidence evidence = story();
  add_attestation(evidence, "audit-logging");
  CHECK(verdicts(check, evidence) == Verdicts{{"deployment", Status::manual}});
  CHECK(findings(check, evidence, profile("development")).front().severity == Severity::info);
}

TEST_CASE("a log that nobody has written to for a day is stale") {
  Evidence evidence = story();
  RedisServer server = hardened_server();
  server.info["process_id"] = "81";
  add_endpoint(evidence, std::move(server));
  ServerLog& log = add_log(evidence, "redis:6379");
  CHECK(of_log(evidence).status == Status::pass);
  log.newest = evidence.as_of - std::chrono::hours{24};
  CHECK(of_log(evidence).status == Status::pass);
  log.newest = evidence.as_of - std::chrono::hours{75};
  CHECK(of_log(evidence).status == Status::warn);
  CHECK(of_log(evidence).message == "the newest line in /var/log/redis/redis.log is 3 days old");
  log.newest = evidence.as_of + std::chrono::seconds{5};  // our own handshakes
  CHECK(of_log(evidence).status == Status::pass);
}

TEST_CASE("a log that was not read decides nothing and says so") {
  Evidence evidence = story();
  add_endpoint(evidence, hardened_server());
  add_attestation(evidence, "audit-review");
  CHECK(of_log(evidence).severity == Severity::info);
  CHECK(of_review(evidence) == endpoint(Status::pass));
}
