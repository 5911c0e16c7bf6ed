#include <doctest/doctest.h>

#include "tests/support/check_story.h"
#include "tests/support/tls_story.h"

namespace rta::checks {
extern const Check protocol_resumption_bounded;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::protocol_resumption_bounded;

std::optional<std::uint32_t>& lifetime(Evidence& evidence, ProtocolVersion version) {
  return fact_of(evidence, SessionFeature::tickets, version).seconds;
}

Evidence without_tickets() {
  Evidence evidence = story_of(guide_survey());
  lifetime(evidence, ProtocolVersion::tls1_2).reset();
  lifetime(evidence, ProtocolVersion::tls1_3).reset();
  return evidence;
}
}  // namespace

TEST_CASE("the longest lifetime decides: a day passes, more warns, a week fails") {
  Evidence evidence = story_of(guide_survey());
  CHECK(told(check, evidence) == Status::pass);
  lifetime(evidence, ProtocolVersion::tls1_3) = 86'400;
  CHECK(told(check, evidence) == Status::pass);
  lifetime(evidence, ProtocolVersion::tls1_3) = 86'401;
  CHECK(told(check, evidence) == Status::warn);
  lifetime(evidence, ProtocolVersion::tls1_2) = 604'801;
  CHECK(told(check, evidence) == Status::fail);
}

TEST_CASE("the server's own setting serves when no ticket was seen") {
  Evidence evidence = without_tickets();
  CHECK(told(check, evidence) == Status::unknown);
  RedisServer server;
  server.config = {{"tls-session-caching", "yes"}, {"tls-session-cache-timeout", "90000"}};
  evidence.endpoints.front().redis = Observation<RedisServer>{server};
  CHECK(told(check, evidence) == Status::warn);
}

TEST_CASE("a server that resumes nothing passes, one whose ways back stayed open does not") {
  Evidence evidence = story_of(guide_survey());
  const auto set = [&](SessionFeature feature, ProtocolVersion version, Answer answer) {
    fact_of(evidence, feature, version) = {feature, version, answer, "told", {}};
  };
  for (const ProtocolVersion version : {ProtocolVersion::tls1_2, ProtocolVersion::tls1_3}) {
    set(SessionFeature::tickets, version, Answer::not_supported);
    set(SessionFeature::ticket_resumption, version, Answer::not_supported);
  }
  set(SessionFeature::id_resumption, ProtocolVersion::tls1_2, Answer::not_supported);
  CHECK(told(check, evidence) == Status::pass);
  set(SessionFeature::id_resumption, ProtocolVersion::tls1_2, Answer::supported);
  CHECK(told(check, evidence) == Status::unknown);
  set(SessionFeature::tickets, ProtocolVersion::tls1_3, Answer::inconclusive);
  const std::vector<Finding> all = findings(check, evidence);
  CHECK(all.front().message.ends_with("(TLS 1.3: told)"));
}

TEST_CASE("switched-off caching still resumes for OpenSSL's two hours") {
  Evidence evidence = without_tickets();
  RedisServer server;
  server.config = {{"tls-session-caching", "no"}, {"tls-session-cache-timeout", "999999999"}};
  evidence.endpoints.front().redis = Observation<RedisServer>{server};
  const std::vector<Finding> all = findings(check, evidence);
  REQUIRE(all.size() == 1);
  CHECK(all.front().status == Status::pass);
  CHECK(all.front().observed == "7200 s (tls-session-caching no)");
}

TEST_CASE("resumption bounded: without a survey nothing is said but unknown") {
  CHECK(is_unknown_without_survey(check));
}
