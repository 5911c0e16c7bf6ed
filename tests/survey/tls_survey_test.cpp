// The raw survey against real servers.
#include "tls/endpoint_survey.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "net/engine.h"
#include "tests/support/redis_server.h"

using namespace rta;
using namespace rta::testing;

namespace {

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
  CHECK(seen.footprint.connections <= 65);
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

TEST_CASE("gate mode finds the guide's static-RSA and CBC suites") {
  if (!RedisFixture::available()) return;
  RedisFixture redis{{.key = "P-256"}};
  const Surveyed seen = survey_of(redis.tls(), {.gate = tls::strictest_plan()});
  CHECK(seen.survey.gate_mode);
  CHECK(accepted(seen.survey, ProtocolVersion::tls1_2) ==
        std::vector<CipherSuite>{0xC009, 0xC00A, 0xC023, 0xC024});
  CHECK(seen.footprint.connections <= 25);
}
