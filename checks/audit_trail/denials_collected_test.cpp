#include "tests/support/check_story.h"
#include "tests/support/redis_story.h"

namespace rta::checks {
extern const Check audit_trail_denials_collected;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& check = checks::audit_trail_denials_collected;

Evidence with_server(RedisServer server) {
  Evidence evidence = story();
  evidence.artefacts_collected = true;
  add_endpoint(evidence, std::move(server));
  return evidence;
}

void add_collector(Evidence& evidence) {
  Artefact& collector = evidence.artefacts.emplace_back();
  collector.purpose = Purpose::acl_log_collection;
  collector.summary = "acl-log.timer, every 5 minutes";
}

Verdicts endpoint(Status status) { return {{"endpoint redis:6379", status}}; }

}  // namespace

TEST_CASE("a readable log and a collector pass; without a collector it warns") {
  Evidence evidence = with_server(hardened_server());
  CHECK(verdicts(check, evidence) == endpoint(Status::warn));
  add_collector(evidence);
  CHECK(verdicts(check, evidence) == endpoint(Status::pass));
}

TEST_CASE("a log of no length fails and a short one warns") {
  Evidence evidence = with_server(hardened_server());
  add_collector(evidence);
  evidence.endpoints.front().redis.value()->config["acllog-max-len"] = "0";
  CHECK(verdicts(check, evidence) == endpoint(Status::fail));
  evidence.endpoints.front().redis.value()->config["acllog-max-len"] = "10";
  CHECK(verdicts(check, evidence) == endpoint(Status::warn));
}

TEST_CASE("a full log warns when it is young, and not when it took a month to fill") {
  RedisServer server = hardened_server();
  server.acl_log = std::vector<AclLogEntry>(128, AclLogEntry{.reason = "auth", .age_seconds = 60});
  Evidence evidence = with_server(server);
  add_collector(evidence);
  CHECK(verdicts(check, evidence) == endpoint(Status::warn));
  evidence.endpoints.front().redis.value()->acl_log.value()->back().age_seconds = 30UL * 86400;
  CHECK(verdicts(check, evidence) == endpoint(Status::pass));
}

TEST_CASE("without a project nobody looked for a collector") {
  Evidence evidence = with_server(hardened_server());
  evidence.artefacts_collected = false;
  CHECK(verdicts(check, evidence) == endpoint(Status::unknown));
}

TEST_CASE("a log that may not be read is unknown, one that does not exist not applicable") {
  RedisServer server = hardened_server();
  server.acl_log = Gap{GapReason::denied, "NOPERM", ""};
  CHECK(verdicts(check, with_server(server)) == endpoint(Status::unknown));
  server.config.erase("acllog-max-len");
  CHECK(verdicts(check, with_server(server)) == endpoint(Status::unknown));
  server.config_unknown = {"acllog-max-len"};
  CHECK(verdicts(check, with_server(server)) == endpoint(Status::not_applicable));
}
