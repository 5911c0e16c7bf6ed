// The raw survey against real servers.
#include "tls/endpoint_survey.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "net/engine.h"
#include "net/port_probe.h"
#include "tests/support/redis_server.h"
#include "tls/code_points.h"
#include "tls/replay.h"

using namespace rta;
using namespace rta::testing;

namespace {

constexpr tls::SurveyParts kSuitesAndGroups{
    .behaviour = false, .certificates = false, .sessions = false};

struct Surveyed {
  TlsSurvey survey;
  Footprint footprint;
};

Surveyed survey_of(const net::Address& address, tls::SurveyOptions options = {}) {
  net::Engine engine;
  tls::EndpointSurvey survey{std::move(options)};
  Surveyed seen;
  seen.footprint = engine.run(survey, address, {.aggressive = true});
  CHECK(survey.finished());
  seen.survey = survey.result();
  return seen;
}

struct Classified {
  std::optional<tls::HandshakeAnswer> first_answer;
  Footprint footprint;
};

Classified classified(const net::Address& address) {
  net::Engine engine;
  net::PortSurvey survey;
  Classified seen;
  seen.footprint = engine.run(survey, address, {});
  seen.first_answer = survey.first_answer();
  return seen;
}

std::vector<CipherSuite> accepted(const TlsSurvey& survey, ProtocolVersion version) {
  std::vector<CipherSuite> codes;
  if (const SuiteInventory* inventory = survey.suites_of(version)) {
    CHECK(inventory->complete);
    for (const AcceptedSuite& suite : inventory->accepted) codes.push_back(suite.suite);
  }
  std::ranges::sort(codes);
  return codes;
}

std::size_t count(const TlsSurvey& survey, ProtocolVersion version) {
  return accepted(survey, version).size();
}

}  // namespace

TEST_CASE(
    "the guide's Redis offers 20 suites at TLS 1.2 and 3 at 1.3, found in at most 65 connections") {
  if (!RedisFixture::available()) return;
  RedisFixture redis{
      {.directives = {"tls-protocols \"TLSv1.2 TLSv1.3\"",
                      "tls-ciphers DEFAULT:!MEDIUM:!LOW:!aNULL:!eNULL",
                      "tls-ciphersuites TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:"
                      "TLS_AES_128_GCM_SHA256"},
       .key = "RSA-2048"}};
  const Surveyed seen = survey_of(redis.tls());
  CHECK(count(seen.survey, ProtocolVersion::tls1_2) == 20);
  CHECK(count(seen.survey, ProtocolVersion::tls1_3) == 3);
  CHECK(seen.footprint.connections <= 130);
  CHECK(survey_of(redis.tls(), {.parts = kSuitesAndGroups}).footprint.connections <= 65);
  // With the two connections by which the port is classified.
  const Classified port = classified(redis.tls());
  const Surveyed fast = survey_of(
      redis.tls(),
      {.side_by_side = 6, .first_answer = port.first_answer, .parts = kSuitesAndGroups});
  CHECK(port.footprint.connections + fast.footprint.connections <= 65);
  for (const ProtocolVersion old : {ProtocolVersion::ssl2, ProtocolVersion::ssl3,
                                    ProtocolVersion::tls1_0, ProtocolVersion::tls1_1})
    CHECK(seen.survey.version(old)->answer == Answer::not_supported);
  REQUIRE(seen.survey.groups_of(ProtocolVersion::tls1_3) != nullptr);
  CHECK(seen.survey.groups_of(ProtocolVersion::tls1_3)->complete);
  CHECK(seen.survey.dh_parameters.size() == 1);
  CHECK(seen.survey.behaviour.ephemeral_key_reused == false);
  CHECK(seen.survey.behaviour.fallback_scsv_honoured == true);
  CHECK(seen.survey.behaviour.downgrade_sentinel == true);
  CHECK(seen.survey.behaviour.certificate_requested == false);
}

TEST_CASE("a demand for a client certificate is seen at TLS 1.2 and changes nothing else") {
  if (!RedisFixture::available()) return;
  for (const char* demand : {"no", "optional", "yes"}) {
    RedisFixture redis{{.auth_clients = demand, .key = "RSA-2048"}};
    const Surveyed seen = survey_of(redis.tls());
    CHECK(seen.survey.behaviour.certificate_requested == (std::string_view{demand} != "no"));
    CHECK(count(seen.survey, ProtocolVersion::tls1_2) == 20);
  }
}

TEST_CASE("plaintext Redis costs one connection and says what it is") {
  if (!RedisFixture::available()) return;
  RedisFixture redis{{.tls = false}};
  const Surveyed seen = survey_of(redis.plaintext());
  CHECK(seen.footprint.connections == 1);
  CHECK_FALSE(seen.survey.speaks_tls());
  CHECK(seen.survey.foreign.find("-ERR") != std::string::npos);
}

TEST_CASE("a survey goes on from the first hello by which the port was classified") {
  if (!RedisFixture::available()) return;
  RedisFixture redis;
  const Classified port = classified(redis.tls());
  REQUIRE(port.first_answer.has_value());
  CHECK(port.footprint.connections == 2);
  const Surveyed alone = survey_of(redis.tls(), {.gate = tls::strictest_plan()});
  const Surveyed after = survey_of(
      redis.tls(), {.gate = tls::strictest_plan(), .first_answer = port.first_answer});
  CHECK(after.footprint.connections + 1 == alone.footprint.connections);
  for (const VersionOffer& offer : alone.survey.versions)
    CHECK(after.survey.version(offer.version)->answer == offer.answer.answer);
  CHECK(after.survey.suites_of(ProtocolVersion::tls1_3)->chosen ==
        alone.survey.suites_of(ProtocolVersion::tls1_3)->chosen);
  CHECK(after.survey.groups_of(ProtocolVersion::tls1_3)->preferred ==
        alone.survey.groups_of(ProtocolVersion::tls1_3)->preferred);
  RedisFixture plaintext{{.tls = false}};
  CHECK_FALSE(classified(plaintext.plaintext()).first_answer.has_value());
}

TEST_CASE("the gate asks a default and a hardened Redis at most ten hellos") {
  if (!RedisFixture::available()) return;
  for (const bool hardened : {false, true}) {
    RedisOptions options{.key = "RSA-2048"};
    if (hardened) options.directives = {"tls-ciphers ECDHE+AESGCM:ECDHE+CHACHA20"};
    RedisFixture redis{options};
    for (const std::size_t lanes : {1U, 6U}) {
      const Surveyed seen = survey_of(redis.tls(), {.gate = tls::strictest_plan(),
                                                    .side_by_side = lanes});
      CHECK(seen.survey.gate_mode);
      CHECK(seen.footprint.connections <= 10);
      const SuiteInventory* tls12 = seen.survey.suites_of(ProtocolVersion::tls1_2);
      REQUIRE(tls12 != nullptr);
      bool secret = true, cbc = false, broken = false;
      for (const AcceptedSuite& accepted : tls12->accepted) {
        const tls::SuiteProperties& suite = *tls::find_suite(accepted.suite);
        secret = secret && suite.has_forward_secrecy();
        cbc = cbc || suite.mode == tls::CipherMode::cbc;
        broken = broken || suite.is_broken();
      }
      CHECK(secret == hardened);
      CHECK(cbc != hardened);
      CHECK_FALSE(broken);
      for (const tls::SuiteProperties& suite : tls::all_suites())
        if (suite.is_broken() && !suite.is_tls13()) CHECK(tls12->decides(suite.code));
      CHECK(tls12->chosen.has_value());
      CHECK(seen.survey.behaviour.compression_accepted == false);
      CHECK(seen.survey.dh_parameters.empty() == hardened);
      for (const ProtocolVersion old : {ProtocolVersion::ssl2, ProtocolVersion::ssl3,
                                        ProtocolVersion::tls1_0, ProtocolVersion::tls1_1})
        CHECK(seen.survey.version(old)->answer == Answer::not_supported);
      const SuiteInventory* tls13 = seen.survey.suites_of(ProtocolVersion::tls1_3);
      REQUIRE(tls13 != nullptr);
      CHECK(tls13->decides(0xC0B4));
    }
  }
}

TEST_CASE("a gate that may enumerate names every suite of the classes that it convicts") {
  if (!RedisFixture::available()) return;
  RedisFixture redis{{.key = "P-256"}};
  tls::GatePlan plan = tls::strictest_plan();
  plan.enumerate = true;
  const Surveyed seen = survey_of(redis.tls(), {.gate = plan, .side_by_side = 6});
  std::vector<CipherSuite> forbidden;
  for (const AcceptedSuite& accepted : seen.survey.suites_of(ProtocolVersion::tls1_2)->accepted)
    if (std::ranges::count(plan.suites, accepted.suite) > 0) forbidden.push_back(accepted.suite);
  std::ranges::sort(forbidden);
  CHECK(forbidden == std::vector<CipherSuite>{0xC009, 0xC00A, 0xC023, 0xC024});
}

TEST_CASE("the gate convicts TLS 1.0 and 1.1 where they are open") {
  if (!RedisFixture::available()) return;
  RedisFixture redis{{.directives = {"tls-protocols \"TLSv1 TLSv1.1 TLSv1.2\"",
                                     "tls-ciphers ALL:COMPLEMENTOFALL:@SECLEVEL=0"},
                      .key = "RSA-2048"}};
  const Surveyed seen = survey_of(redis.tls(), {.gate = tls::strictest_plan(), .side_by_side = 6});
  CHECK(seen.survey.version(ProtocolVersion::tls1_0)->answer == Answer::supported);
  CHECK(seen.survey.version(ProtocolVersion::tls1_1)->answer == Answer::supported);
  CHECK(seen.survey.version(ProtocolVersion::ssl3)->answer == Answer::not_supported);
  CHECK(seen.survey.version(ProtocolVersion::tls1_3)->answer == Answer::not_supported);
  const SuiteInventory* tls12 = seen.survey.suites_of(ProtocolVersion::tls1_2);
  REQUIRE(tls12 != nullptr);
  CHECK(std::ranges::any_of(tls12->accepted, [](const AcceptedSuite& accepted) {
    return tls::find_suite(accepted.suite)->is_broken();
  }));
}

TEST_CASE("signature schemes and group order of real servers") {
  if (!RedisFixture::available()) return;
  struct Story {
    const char* key;
    std::vector<SignatureScheme> tls12, tls13;
  };
  for (const Story& story :
       {Story{"RSA-2048",
              {0x0301, 0x0401, 0x0501, 0x0601, 0x0804, 0x0805, 0x0806},
              {0x0804, 0x0805, 0x0806}},
        Story{"P-256", {0x0303, 0x0403, 0x0503, 0x0603}, {0x0403}},
        Story{"Ed25519", {0x0807}, {0x0807}}}) {
    RedisFixture redis{{.key = story.key}};
    const Surveyed seen = survey_of(redis.tls());
    const auto schemes = [&](ProtocolVersion version) {
      std::vector<SignatureScheme> codes;
      const SchemeInventory* inventory = seen.survey.signatures_of(version);
      REQUIRE(inventory != nullptr);
      CHECK_MESSAGE(inventory->complete, inventory->incomplete_reason);
      for (const AcceptedScheme& accepted : inventory->accepted) codes.push_back(accepted.scheme);
      std::ranges::sort(codes);
      return codes;
    };
    CHECK(schemes(ProtocolVersion::tls1_2) == story.tls12);
    CHECK(schemes(ProtocolVersion::tls1_3) == story.tls13);
    CHECK(seen.survey.behaviour.sha1_signature_accepted == false);
    CHECK(seen.survey.behaviour.post_quantum_exclusive == false);
    CHECK(seen.survey.groups_of(ProtocolVersion::tls1_3)->order == OrderBy::server);
  }
}

TEST_CASE("a survey of a real server agrees with its own bytes") {
  if (!RedisFixture::available()) return;
  for (const char* key : {"RSA-2048", "P-256"}) {
    RedisFixture redis{{.key = key}};
    for (const bool gate : {false, true}) {
      tls::SurveyOptions options;
      if (gate) options.gate = tls::strictest_plan();
      TlsSurvey survey = survey_of(redis.tls(), options).survey;
      for (const std::string& note : tls::follow_the_bytes(survey)) FAIL_CHECK(note);
    }
  }
}
