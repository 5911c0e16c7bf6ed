// What only finished sessions show, on real servers: redis-server, GnuTLS and
// OpenSSL's s_server.
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "collect/collectors.h"
#include "collect/session_survey.h"
#include "tests/integration/collect_story.h"

using namespace rta;
using namespace rta::testing;

namespace {

constexpr ProtocolVersion k12 = ProtocolVersion::tls1_2, k13 = ProtocolVersion::tls1_3;

struct Seen {
  SessionFacts facts;
  std::vector<ServedChain> chains;
  Footprint footprint;

  [[nodiscard]] Answer answer(SessionFeature feature, ProtocolVersion version) const {
    const SessionFact* fact = facts.fact(feature, version);
    REQUIRE(fact != nullptr);
    INFO(name_of(feature), " at ", name_of(version), ": ", fact->reason);
    return fact->answer;
  }
};

std::string contents(const std::string& path) {
  std::ifstream file{path};
  return std::string{std::istreambuf_iterator<char>{file}, {}};
}

SessionSurveyPlan plan_of(const std::string& name = "redis") {
  SessionSurveyPlan plan;
  plan.observer.server_name = name;
  plan.versions = {k13, k12};
  plan.random_name = "nobody.invalid";
  plan.no_certificate_because = "none was given";
  plan.now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return plan;
}

Seen survey(const net::Address& address, SessionSurveyPlan plan) {
  SessionSurvey survey{std::move(plan)};
  net::Engine engine;
  Seen seen;
  seen.footprint = engine.run(survey, address, {.aggressive = true});
  CHECK(survey.finished());
  seen.facts = survey.facts("cut");
  seen.chains = survey.further_chains();
  return seen;
}

}  // namespace

TEST_CASE("a default Redis: tickets, both kinds of resumption, nothing dangerous") {
  if (!RedisFixture::available()) return;
  RedisFixture redis;
  const Seen seen = survey(redis.tls(), plan_of());
  using enum SessionFeature;
  for (const ProtocolVersion version : {k13, k12}) {
    CHECK(seen.answer(tickets, version) == Answer::supported);
    CHECK(seen.facts.fact(tickets, version)->seconds == 300);
    CHECK(seen.answer(ticket_resumption, version) == Answer::supported);
    CHECK(seen.answer(ocsp_staple, version) == Answer::not_supported);
    CHECK(seen.answer(certificate_timestamps, version) == Answer::not_supported);
  }
  CHECK(seen.answer(id_resumption, k12) == Answer::supported);
  CHECK(seen.answer(early_data, k13) == Answer::not_supported);
  CHECK(seen.answer(client_renegotiation, k12) == Answer::not_supported);
  CHECK(seen.facts.demand == ClientCertificateDemand::none);
  CHECK(seen.facts.rogue_certificates.empty());
  CHECK(seen.facts.no_rogue_because == "the server asks for no client certificate");
  CHECK(seen.chains.empty());
  CHECK(seen.footprint.connections <= 9);
  CHECK(redis.log().find("Error accepting") == std::string::npos);
}

TEST_CASE("switched-off caching still gives tickets, of two hours") {
  if (!RedisFixture::available()) return;
  RedisFixture redis{{.directives = {"tls-session-caching no"}}};
  const Seen seen = survey(redis.tls(), plan_of());
  for (const ProtocolVersion version : {k13, k12}) {
    CHECK(seen.facts.fact(SessionFeature::tickets, version)->seconds == 7200);
    CHECK(seen.answer(SessionFeature::ticket_resumption, version) == Answer::supported);
  }
  CHECK(seen.answer(SessionFeature::id_resumption, k12) == Answer::not_supported);
}

TEST_CASE("a server that asks for certificates refuses every rogue, demanding or not") {
  if (!RedisFixture::available()) return;
  for (const std::string_view demand : {"yes", "optional"}) {
    INFO(demand);
    RedisFixture redis{{.auth_clients = std::string{demand}}};
    const Seen seen = survey(redis.tls(), plan_of());
    CHECK(seen.facts.demand == (demand == "yes" ? ClientCertificateDemand::required
                                                : ClientCertificateDemand::optional));
    REQUIRE(seen.facts.demands.size() == 2);
    if (demand == "yes") {
      CHECK(seen.facts.demands[0].alert == 116);
      CHECK(seen.facts.demands[1].alert == 40);
    }
    CHECK(seen.facts.rogue_certificates.size() == 7);
    for (const RogueCertificate& rogue : seen.facts.rogue_certificates) {
      INFO(name_of(rogue.kind), " at ", name_of(rogue.version), ": ", rogue.reason);
      CHECK(rogue.outcome == RogueOutcome::refused);
      CHECK(rogue.alert.has_value());
      CHECK_FALSE(rogue.certificate.empty());
    }
  }
}

TEST_CASE("where a certificate is demanded, ours opens the door, and without one the reason is told") {
  if (!RedisFixture::available()) return;
  RedisFixture redis{{.auth_clients = "yes"}};
  using enum SessionFeature;
  const Seen bare = survey(redis.tls(), plan_of());
  for (const SessionFeature feature : {tickets, early_data}) {
    CHECK(bare.answer(feature, k13) == Answer::inconclusive);
    CHECK(bare.facts.fact(feature, k13)->reason ==
          "the server demands a client certificate, and none was given");
  }
  SessionSurveyPlan plan = plan_of();
  const std::string certificate = contents(redis.client_certificate_path());
  plan.client_certificate_pem.assign(certificate.begin(), certificate.end());
  plan.client_key_pem = std::make_shared<const Secret>(contents(redis.client_key_path()));
  const Seen ours = survey(redis.tls(), std::move(plan));
  CHECK(ours.facts.demand == ClientCertificateDemand::required);
  CHECK(ours.answer(early_data, k13) == Answer::not_supported);
  CHECK(ours.answer(client_renegotiation, k12) == Answer::not_supported);
  CHECK(ours.answer(ticket_resumption, k13) == Answer::supported);
}

TEST_CASE("a survey that was cut says so and leaves everything open") {
  SessionSurvey survey{plan_of()};
  const SessionFacts facts = survey.facts("cut short");
  CHECK(facts.facts.size() == 11);
  for (const SessionFact& fact : facts.facts) {
    CHECK(fact.answer == Answer::inconclusive);
    CHECK(fact.reason == "cut short");
  }
  CHECK(facts.demand == ClientCertificateDemand::unknown);
  CHECK(facts.no_rogue_because == "cut short");
}
