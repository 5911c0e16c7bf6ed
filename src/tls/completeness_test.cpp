#include "tls/completeness.h"

#include <doctest/doctest.h>

#include "tls/test_server.h"

using namespace rta;
using namespace rta::tls;
using namespace rta::tls::testing;

TEST_CASE("what was not seen says why: not spoken, not asked for, or not concerned") {
  Server server = modern();
  const TlsSurvey whole = surveyed(server);
  CHECK(why_not_seen(whole, "compression_accepted").empty());
  CHECK(why_not_seen(whole, "post_quantum_preferred") ==
        "no post-quantum group beside x25519 was seen");

  SurveyOptions narrow;
  narrow.parts = *parse_survey_parts("suites");
  Server again = modern();
  CHECK(why_not_seen(surveyed(again, narrow), "compression_accepted") == kNotAskedFor);

  Server newest;
  newest.suites[ProtocolVersion::tls1_3] = {0x1301};
  const TlsSurvey alone = surveyed(newest);
  CHECK(why_not_seen(alone, "heartbeat") == "nothing older than TLS 1.3 is spoken");
  CHECK(why_not_seen(alone, "encrypt_then_mac") == "nothing older than TLS 1.3 is spoken");

  Server gated = modern();
  const TlsSurvey gate = surveyed(gated, {.gate = strictest_plan()});
  CHECK(why_not_seen(gate, "fallback_scsv_honoured") ==
        "a gate asks only for what the profile forbids");
}

TEST_CASE("a version that stayed open is the reason why its behaviour was not seen") {
  TlsSurvey survey;
  survey.versions.push_back({ProtocolVersion::tls1_2, {}});
  survey.versions.back().answer.reason = "silent";
  CHECK(why_not_seen(survey, "heartbeat") == "TLS 1.2 stayed open: silent");
}
