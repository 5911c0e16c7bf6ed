#include <doctest/doctest.h>

#include "tests/support/check_story.h"

namespace rta::checks {
extern const Check plaintext_no_sibling_plaintext;
}

using namespace rta;
using rta::testing::Verdicts;

namespace {

const Check& check = checks::plaintext_no_sibling_plaintext;
const Gap kRefused{GapReason::refused, "the connection was refused", ""};
const PortAnswer kPlaintext{.speech = PortSpeech::plaintext_redis, .plaintext_answer = "+PONG"};

Evidence with_siblings(std::vector<SiblingPort> siblings) {
  Evidence evidence = rta::testing::story();
  Endpoint& endpoint = evidence.endpoints.emplace_back();
  endpoint.key = "redis:6379";
  endpoint.port_answer = PortAnswer{.speech = PortSpeech::tls, .plaintext_refused = true};
  endpoint.siblings = std::move(siblings);
  return evidence;
}

SiblingPort port(std::uint16_t number, Observation<PortAnswer> answer, bool loopback = false) {
  return {.port = number,
          .why = "well-known port of Redis",
          .loopback = loopback,
          .answer = std::move(answer)};
}

Verdicts told(std::vector<SiblingPort> siblings) {
  return rta::testing::verdicts(check, with_siblings(std::move(siblings)));
}

Verdicts just(Status status) { return {{"endpoint redis:6379", status}}; }

}  // namespace

TEST_CASE("closed, filtered and TLS ports pass together") {
  CHECK(told({port(6380, kRefused), port(16379, Gap{GapReason::unreachable, "timed out", ""}),
              port(26379, PortAnswer{.speech = PortSpeech::tls}),
              port(8080, PortAnswer{.speech = PortSpeech::other})}) == just(Status::pass));
}

TEST_CASE("a plaintext Redis beside the TLS port fails, told by its port") {
  const Evidence evidence = with_siblings({port(6380, kPlaintext), port(26379, kRefused)});
  const auto findings = rta::testing::findings(check, evidence);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].status == Status::fail);
  CHECK(findings[0].variant == "port 6380");
  CHECK(told({port(6380, PortAnswer{.speech = PortSpeech::both, .plaintext_answer = "+PONG"})}) ==
        just(Status::fail));
}

TEST_CASE("loopback and protected mode warn, and a password does not help") {
  CHECK(told({port(6380, kPlaintext, true)}) == just(Status::warn));
  CHECK(told({port(
            6380, PortAnswer{.speech = PortSpeech::plaintext_redis,
                             .plaintext_answer = "-DENIED Redis is running in protected mode"})}) ==
        just(Status::warn));
  CHECK(told({port(6380, PortAnswer{.speech = PortSpeech::plaintext_redis,
                                    .plaintext_answer = "-NOAUTH Authentication required."})}) ==
        just(Status::fail));
}

TEST_CASE("loopback passes in development") {
  CHECK(rta::testing::verdicts(check, with_siblings({port(6380, kPlaintext, true)}),
                               rta::testing::profile("development")) == just(Status::pass));
}

TEST_CASE("silence after the connection stands is unknown, except for the bus of a cluster") {
  const Gap silent{GapReason::timed_out, "the port takes connections and answers nothing", ""};
  CHECK(told({port(16379, silent)}) == just(Status::unknown));
  Evidence evidence = with_siblings({port(16379, silent), port(6380, kRefused)});
  RedisServer server;
  server.info["cluster_enabled"] = "1";
  evidence.endpoints[0].redis = server;
  CHECK(rta::testing::verdicts(check, evidence) == just(Status::pass));
}

TEST_CASE("a host that does not answer at all proves nothing by its closed ports") {
  Evidence evidence = with_siblings({port(6380, kRefused)});
  evidence.endpoints[0].port_answer = kRefused;
  CHECK(rta::testing::verdicts(check, evidence) == just(Status::unknown));
}

TEST_CASE("ports that were not asked are unknown, and a rehearsal has none") {
  CHECK(told({}) == just(Status::unknown));
  Evidence evidence = with_siblings({});
  evidence.endpoints[0].kind = EndpointKind::rehearsal;
  CHECK(rta::testing::verdicts(check, evidence) == just(Status::not_applicable));
  CHECK(rta::testing::verdicts(check, rta::testing::story()) ==
        Verdicts{{"deployment", Status::unknown}});
}
