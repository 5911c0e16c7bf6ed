#include "tls/fingerprint.h"

#include <doctest/doctest.h>

using namespace rta;
using namespace rta::tls;

namespace {

TlsSurvey modern() {
  TlsSurvey survey;
  survey.versions = {{ProtocolVersion::tls1_2, {.answer = Answer::supported}},
                     {ProtocolVersion::tls1_3, {.answer = Answer::supported}}};
  survey.suites = {{.version = ProtocolVersion::tls1_3,
                    .accepted = {{0x1302, {}}, {0x1301, {}}},
                    .complete = true,
                    .order = OrderBy::server}};
  return survey;
}

std::string told(const TlsSurvey& survey, const SessionFacts& sessions = {}) {
  const Result<std::string> made = behaviour_fingerprint(survey, sessions);
  REQUIRE(made.has_value());
  return *made;
}

}  // namespace

TEST_CASE("the fingerprint moves with behaviour") {
  const std::string usual = told(modern());
  CHECK(usual.starts_with("b1:"));
  CHECK(usual.size() == 35);
  TlsSurvey other = modern();
  other.suites[0].accepted.pop_back();
  CHECK(told(other) != usual);
  other = modern();
  other.suites[0].order = OrderBy::client;
  CHECK(told(other) != usual);
  other = modern();
  other.behaviour.heartbeat = true;
  CHECK(told(other) != usual);
  SessionFacts sessions;
  sessions.demands = {{.demand = ClientCertificateDemand::required}};
  CHECK(told(modern(), sessions) != usual);
}

TEST_CASE("and stays with another order of answers, another proof, another certificate") {
  TlsSurvey other = modern();
  std::swap(other.suites[0].accepted[0], other.suites[0].accepted[1]);
  other.suites[0].accepted[0].proof.deciding = {1, 2, 3};
  CHECK(told(other) == told(modern()));
  SessionFacts one, two;
  one.rogue_certificates = {{.outcome = RogueOutcome::refused, .certificate = {1}}};
  two.rogue_certificates = {{.outcome = RogueOutcome::refused, .certificate = {2}}};
  one.facts = {{.feature = SessionFeature::ocsp_staple, .answer = Answer::supported}};
  CHECK(told(modern(), one) == told(modern(), two));
}

TEST_CASE("half a survey has none, and says what is missing") {
  TlsSurvey survey = modern();
  survey.suites[0].complete = false;
  survey.suites[0].incomplete_reason = "the server fell silent";
  const Result<std::string> made = behaviour_fingerprint(survey, {});
  REQUIRE_FALSE(made.has_value());
  CHECK(made.error().what ==
        "the suites of TLS 1.3 are not complete: the server fell silent");
  survey = modern();
  survey.versions[0].answer.answer = Answer::inconclusive;
  CHECK_FALSE(behaviour_fingerprint(survey, {}).has_value());
}
