#include <doctest/doctest.h>

#include "tests/support/check_story.h"

namespace rta::checks {
extern const Check plaintext_endpoint_refuses_plaintext;
}

using namespace rta;
using rta::testing::Verdicts;

namespace {

const Check& check = checks::plaintext_endpoint_refuses_plaintext;

Verdicts told(const Observation<PortAnswer>& answer) {
  Evidence evidence = rta::testing::story();
  Endpoint& endpoint = evidence.endpoints.emplace_back();
  endpoint.key = "redis:6379";
  endpoint.port_answer = answer;
  return rta::testing::verdicts(check, evidence);
}

Verdicts just(Status status) { return {{"endpoint redis:6379", status}}; }

}  // namespace

TEST_CASE("a port that resets, closes or alerts on plaintext passes") {
  for (const char* refusal : {"connection reset", "the connection was closed", "alert 10"})
    CHECK(told(PortAnswer{.speech = PortSpeech::tls,
                          .plaintext_answer = refusal,
                          .plaintext_refused = true,
                          .tls_answer = "ServerHello"}) == just(Status::pass));
}

TEST_CASE("any reply of Redis in plaintext fails, also a demand for a password") {
  for (const char* reply :
       {"+PONG", "-NOAUTH Authentication required.", "-DENIED Redis is running in protected mode"})
    CHECK(told(PortAnswer{.speech = PortSpeech::plaintext_redis, .plaintext_answer = reply}) ==
          just(Status::fail));
  CHECK(told(PortAnswer{.speech = PortSpeech::both,
                        .plaintext_answer = "+PONG",
                        .tls_answer = "ServerHello"}) == just(Status::fail));
}

TEST_CASE("a TLS port that says nothing to plaintext is no proof either way") {
  CHECK(told(PortAnswer{.speech = PortSpeech::tls,
                        .plaintext_answer = "no answer",
                        .tls_answer = "ServerHello"}) == just(Status::unknown));
}

TEST_CASE("another service, and a port that could not be asked, are unknown") {
  CHECK(told(PortAnswer{.speech = PortSpeech::other,
                        .plaintext_refused = true,
                        .tls_answer = "SSH: SSH-2.0-OpenSSH_9.2"}) == just(Status::unknown));
  CHECK(told(Gap{GapReason::refused, "the connection was refused", ""}) == just(Status::unknown));
}

TEST_CASE("a rehearsed server is judged as rehearsed evidence") {
  Evidence evidence = rta::testing::story();
  Endpoint& endpoint = evidence.endpoints.emplace_back();
  endpoint.key = "rehearsal:redis.conf";
  endpoint.kind = EndpointKind::rehearsal;
  endpoint.port_answer = {PortAnswer{.speech = PortSpeech::tls, .plaintext_refused = true},
                          Provenance{.grade = Grade::rehearsed}};
  const auto findings = rta::testing::findings(check, evidence);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].status == Status::pass);
  CHECK(findings[0].grade == Grade::rehearsed);
}

TEST_CASE("a deployment without endpoints is unknown") {
  CHECK(rta::testing::verdicts(check, rta::testing::story()) ==
        Verdicts{{"deployment", Status::unknown}});
}
