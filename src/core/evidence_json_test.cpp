#include "core/evidence_json.h"

#include <doctest/doctest.h>

#include "tests/support/check_story.h"

using namespace rta;

namespace {

Evidence rich_evidence() {
  Evidence evidence = rta::testing::story();
  Endpoint& endpoint = evidence.endpoints.emplace_back();
  endpoint.key = "redis:6379";
  TlsSurvey survey;
  survey.versions = {
      {ProtocolVersion::tls1_2, {Answer::supported, "ServerHello", {}, {1, 2, 3}}},
      {ProtocolVersion::ssl3, {Answer::not_supported, "alert 40", std::uint8_t{40}, {}}}};
  survey.behaviour.secure_renegotiation = true;
  endpoint.tls =
      Observation<TlsSurvey>{survey, {.collector = "tls_survey", .endpoint = "redis:6379"}};
  endpoint.redis = Observation<RedisServer>{Gap{GapReason::timed_out, "no answer within 30 s", ""}};
  Consumer& consumer = evidence.consumers.emplace_back();
  consumer.key = "backend@backend/.env";
  consumer.role = ConsumerRole::backend;
  consumer.tls_switch = Setting{.name = "REDIS_TLS_ENABLED", .value = "true"};
  evidence.attestations.push_back(
      {.kind = "rotation", .targets = {"*"}, .details = {{"period_days", "90"}}});
  return evidence;
}

}  // namespace

TEST_CASE("evidence comes back from JSON as it went, byte for byte") {
  const std::string once = write_evidence(rich_evidence());
  const auto read = read_evidence(once);
  REQUIRE(read);
  CHECK(write_evidence(*read) == once);
  REQUIRE(read->endpoints.size() == 1);
  CHECK(read->endpoints[0].tls->versions[1].answer.alert == 40);
  CHECK(read->endpoints[0].redis.gap()->reason == GapReason::timed_out);
  CHECK(read->consumers[0].tls_switch->value == "true");
  CHECK_FALSE(read->consumers[0].verify);
}

TEST_CASE("unknown fields are ignored and a newer major version is refused by name") {
  CHECK(read_evidence(R"({"schema":"redis-tls-audit/evidence","version":"1.7","new":{"a":1}})"));
  const auto newer = read_evidence(R"({"schema":"redis-tls-audit/evidence","version":"2.0"})");
  REQUIRE_FALSE(newer);
  CHECK(newer.error().what.find("2.0") != std::string::npos);
}

TEST_CASE("wrong types, wrong names and numbers out of range say where") {
  const auto where = [](std::string_view body) {
    const auto read = read_evidence(
        fmt::format(R"({{"schema":"redis-tls-audit/evidence","version":"1.0",{}}})", body));
    return read ? std::string{"read"} : read.error().where;
  };
  CHECK(where(R"("endpoints":7)") == "/endpoints");
  CHECK(where(R"("endpoints":[{"port":70000}])") == "/endpoints/0/port");
  CHECK(where(R"("endpoints":[{"port":-1}])") == "/endpoints/0/port");
  CHECK(where(R"("endpoints":[{"port":1e99}])") == "/endpoints/0/port");
  CHECK(where(R"("endpoints":[{"kind":"imaginary"}])") == "/endpoints/0/kind");
  CHECK(where(R"("public_store":["%%%"])") == "/public_store/0");
  CHECK(where(R"("as_of":"yesterday")") == "/as_of");
}

TEST_CASE("deep nesting, cut text and other documents are refused") {
  CHECK_FALSE(read_evidence(std::string(200'000, '[')));
  CHECK_FALSE(read_evidence("{}"));
  CHECK_FALSE(read_evidence(""));
  const std::string whole = write_evidence(rich_evidence());
  for (std::size_t size = 0; size + 2 < whole.size(); size += 7)
    CHECK_FALSE(read_evidence(std::string_view{whole}.substr(0, size)));
}
