#include "reports/text/survey_table.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/text.h"
#include "reports/common/strength.h"
#include "reports/json/probe_json.h"
#include "reports/text/page.h"
#include "tests/support/sample_survey.h"
#include "tests/support/tls_story.h"

using namespace rta;
using namespace rta::reports;
using namespace rta::testing;

namespace {

std::string shown(TlsSurvey survey) {
  Evidence evidence = story_of(std::move(survey));
  return survey_table(evidence.endpoints.front(), evidence.as_of, TextStyle{});
}

std::string shown(const Evidence& evidence, std::size_t index) {
  return survey_table(evidence.endpoints[index], evidence.as_of, TextStyle{});
}

bool has_attack(const TlsSurvey& survey, std::string_view name) {
  const std::vector<std::string> all = derived_attacks(survey);
  return std::ranges::any_of(all, [&](const std::string& text) { return text.starts_with(name); });
}

void check_parts(const std::string& text, std::initializer_list<std::string_view> parts) {
  for (const std::string_view part : parts)
    CHECK_MESSAGE(text.find(part) != std::string::npos, part, "\n", text);
}

}  // namespace

TEST_CASE("the table shows versions, suites with key exchange and strength, groups and behaviour") {
  check_parts(shown(guide_survey()),
              {"redis:6379", "TLS 1.0", "refused (alert 70)",
               "offered, 20 suites, the client decides the order", "ECDHE-RSA-AES256-GCM-SHA384",
               "weak: no forward secrecy", "DH 4096", "RFC 3526 group 16 (4096 bits)", "x25519",
               "session tickets           TLS 1.2: yes, for 300 s"});
}

TEST_CASE("nothing is wider than 80 columns, whatever is shown") {
  const Evidence evidence = sample_survey();
  for (std::size_t i = 0; i < evidence.endpoints.size(); ++i) {
    const std::string table = shown(evidence, i);
    for (const std::string_view line : split(table, '\n'))
      CHECK_MESSAGE(columns(line) <= 80, line);
  }
}

TEST_CASE("accepted rogues, further certificates and open answers are shown with their reason") {
  check_parts(shown(sample_survey(), 1),
              {"self_signed accepted at TLS 1.3: +PONG", "1 of 2 refused",
               "Certificate to clients that take RSA signatures only",
               "alert 112 unrecognized name", "not known at TLS 1.3: the server fell silent",
               "none: the suites of SSL 3.0 are not complete", "Not complete",
               "authorities asked for"});
}

TEST_CASE("a port without TLS is called by its name, and its bytes are inert") {
  const Evidence evidence = sample_survey();
  check_parts(shown(evidence, 2), {"This is plaintext Redis, without TLS", "+PONG"});
  check_parts(shown(evidence, 3), {"neither TLS nor Redis", "SMTP"});
  CHECK(shown(evidence, 3).find('\x1b') == std::string::npos);
  check_parts(shown(evidence, 4), {"not surveyed: the connection was refused", "correct the port"});
  CHECK(write_probe_json(evidence).find('\x1b') == std::string::npos);
}

TEST_CASE("a survey is whole only when everything was answered") {
  const Evidence evidence = sample_survey();
  CHECK(why_incomplete(evidence.endpoints[0]) == "");
  CHECK(why_incomplete(evidence.endpoints[1]).contains("SSL 3.0"));
  CHECK(why_incomplete(evidence.endpoints[4]) == "the connection was refused");
}

TEST_CASE("a survey that was not made says why") {
  Evidence evidence = story_of(Gap{GapReason::timed_out, "no answer in time", ""});
  check_parts(shown(evidence, 0), {"not surveyed: no answer in time"});
}

TEST_CASE("a suite is no better than the prime that it comes with") {
  TlsSurvey survey = guide_survey();
  survey.dh_parameters = {{.prime = published_prime(1024)}};
  CHECK(strength_of(0x009F, survey).words == "weak: DH of 1024 bits");
  CHECK(strength_of(0xC030, survey).words == "good");
  survey.dh_parameters = {{.prime = published_prime(2048)}};
  CHECK(strength_of(0x009F, survey).words == "good");
}

TEST_CASE("attacks follow from the inventory and from nothing else") {
  CHECK(derived_attacks(hardened_survey()).empty());
  CHECK(has_attack(guide_survey(), "ROBOT precondition"));
  CHECK(has_attack(guide_survey(), "Lucky13"));
  TlsSurvey survey = guide_survey();
  accept(survey, ProtocolVersion::ssl3, {0x000A, 0x0005, 0x0003, 0x0014});
  for (const std::string_view name : {"SWEET32", "RC4", "FREAK", "LOGJAM", "POODLE", "BEAST"})
    CHECK(has_attack(survey, name));
  accept(survey, ProtocolVersion::ssl2, {});
  CHECK(has_attack(survey, "DROWN"));
}
