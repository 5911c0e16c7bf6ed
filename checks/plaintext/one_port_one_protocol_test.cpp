#include <doctest/doctest.h>

#include "tests/support/check_story.h"

namespace rta::checks {
extern const Check plaintext_one_port_one_protocol;
}

using namespace rta;
using rta::testing::Verdicts;

namespace {

const Check& check = checks::plaintext_one_port_one_protocol;

Verdicts told(const Observation<PortAnswer>& answer) {
  Evidence evidence = rta::testing::story();
  Endpoint& endpoint = evidence.endpoints.emplace_back();
  endpoint.key = "redis:6379";
  endpoint.port_answer = answer;
  return rta::testing::verdicts(check, evidence);
}

Verdicts just(Status status) { return {{"endpoint redis:6379", status}}; }

}  // namespace

TEST_CASE("a port that speaks both fails") {
  CHECK(told(PortAnswer{.speech = PortSpeech::both,
                        .plaintext_answer = "+PONG",
                        .tls_answer = "ServerHello"}) == just(Status::fail));
}

TEST_CASE("a TLS port that refuses plaintext passes; one that says nothing to it is unknown") {
  CHECK(told(PortAnswer{.speech = PortSpeech::tls,
                        .plaintext_answer = "connection reset",
                        .plaintext_refused = true,
                        .tls_answer = "ServerHello"}) == just(Status::pass));
  CHECK(told(PortAnswer{.speech = PortSpeech::tls,
                        .plaintext_answer = "no answer",
                        .tls_answer = "ServerHello"}) == just(Status::unknown));
}

TEST_CASE("a port without TLS is not what this is about") {
  CHECK(told(PortAnswer{.speech = PortSpeech::plaintext_redis, .plaintext_answer = "+PONG"}) ==
        just(Status::not_applicable));
  CHECK(told(PortAnswer{.speech = PortSpeech::other}) == just(Status::not_applicable));
}

TEST_CASE("a port that could not be asked is unknown, and so is a deployment without endpoints") {
  CHECK(told(Gap{GapReason::timed_out, "no answer", ""}) == just(Status::unknown));
  CHECK(rta::testing::verdicts(check, rta::testing::story()) ==
        Verdicts{{"deployment", Status::unknown}});
}
