#include <doctest/doctest.h>

#include "tests/support/check_story.h"
#include "tests/support/tls_story.h"

namespace rta::checks {
extern const Check protocol_tls_served;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::protocol_tls_served;
}  // namespace

TEST_CASE("an endpoint with TLS 1.2 or 1.3 passes") {
  CHECK(told(check, guide_survey()) == Status::pass);
  TlsSurvey tls13 = hardened_survey();
  refuse(tls13, ProtocolVersion::tls1_2);
  CHECK(told(check, tls13) == Status::pass);
}

TEST_CASE("plaintext Redis fails, and so does a server of outdated versions only") {
  Evidence evidence = story_of(Gap{GapReason::unsupported, "the port speaks no TLS", ""});
  PortAnswer answer;
  answer.speech = PortSpeech::plaintext_redis;
  answer.plaintext_answer = "+PONG";
  evidence.endpoints.front().port_answer = Observation<PortAnswer>{answer};
  CHECK(verdicts(check, evidence) == Verdicts{{"endpoint redis:6379", Status::fail}});
  TlsSurvey old = hardened_survey();
  accept(old, ProtocolVersion::tls1_0, {0xC013});
  refuse(old, ProtocolVersion::tls1_2);
  refuse(old, ProtocolVersion::tls1_3);
  CHECK(told(check, old) == Status::fail);
}

TEST_CASE("an SSH server and a server that refuses every hello are unknown, not failed") {
  Evidence evidence = story_of(Gap{GapReason::unsupported, "the port speaks SSH", ""});
  PortAnswer answer;
  answer.speech = PortSpeech::other;
  evidence.endpoints.front().port_answer = Observation<PortAnswer>{answer};
  CHECK(told(check, evidence) == Status::unknown);
  TlsSurvey nothing = hardened_survey();
  refuse(nothing, ProtocolVersion::tls1_2);
  refuse(nothing, ProtocolVersion::tls1_3);
  CHECK(told(check, nothing) == Status::unknown);
}

TEST_CASE("a rehearsed server is graded rehearsed") {
  Evidence evidence = story_of(guide_survey());
  evidence.endpoints.front().kind = EndpointKind::rehearsal;
  const std::vector<Finding> all = findings(check, evidence);
  REQUIRE(all.size() == 1);
  CHECK(all.front().grade == Grade::rehearsed);
}

TEST_CASE("tls served: without a survey nothing is said but unknown") {
  CHECK(is_unknown_without_survey(check));
}
