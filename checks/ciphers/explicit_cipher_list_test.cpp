#include <doctest/doctest.h>

#include "tests/support/check_story.h"
#include "tests/support/tls_story.h"

namespace rta::checks {
extern const Check ciphers_explicit_cipher_list;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& check = checks::ciphers_explicit_cipher_list;
constexpr const char* kGuide = "DEFAULT:!MEDIUM:!LOW:!aNULL:!eNULL";
constexpr const char* kExplicit = "ECDHE+AESGCM:ECDHE+CHACHA20";

Evidence declared(const std::string& ciphers) {
  Evidence evidence = story();
  RedisConfiguration& conf = evidence.redis_configurations.emplace_back();
  conf.source = "redis.conf";
  conf.effective = {{"tls-port", "6379"}, {"tls-ciphers", ciphers}};
  return evidence;
}

Evidence live(const std::string& ciphers, TlsSurvey survey) {
  Evidence evidence = story_of(std::move(survey));
  RedisServer server;
  server.config = {{"tls-port", "6379"}, {"tls-ciphers", ciphers}};
  evidence.endpoints.front().redis = Observation<RedisServer>{server};
  return evidence;
}

}  // namespace

TEST_CASE("the guide's string is DEFAULT in disguise and fails, in the file and on the server") {
  CHECK(told(check, declared(kGuide)) == Status::fail);
  CHECK(told(check, live(kGuide, guide_survey())) == Status::fail);
}

TEST_CASE("an allow-list passes, in the file and on the server") {
  CHECK(told(check, declared(kExplicit)) == Status::pass);
  CHECK(told(check, live(kExplicit, hardened_survey())) == Status::pass);
}

TEST_CASE("a lowered security level and switched-on weak suites fail") {
  CHECK(told(check, declared("ECDHE+AESGCM:@SECLEVEL=0")) == Status::fail);
  CHECK(told(check, declared("ECDHE+AESGCM:@SECLEVEL=2")) == Status::pass);
  CHECK(told(check, declared("ECDHE+AESGCM:aNULL")) == Status::fail);
  CHECK(told(check, declared("ECDHE+AESGCM:!aNULL")) == Status::pass);
}

TEST_CASE("no string, and a library's list without anything bad in it, warn") {
  CHECK(
      told(check,
           declared(
               "HIGH:!kRSA:!DHE:!CAMELLIA:!ARIA:!PSK:!SRP:!aNULL:!SHA1:!SHA256:!SHA384:!AESCCM")) ==
      Status::warn);
  CHECK(told(check, declared(""), "development") == Status::warn);
  CHECK(told(check, declared("")) == Status::fail);
}

TEST_CASE("static RSA in the string does not count where only an ECDSA key is served") {
  TlsSurvey ecdsa = hardened_survey();
  accept(ecdsa, ProtocolVersion::tls1_2, {0xC02C, 0xC02B});
  CHECK(told(check, live("ECDHE+AESGCM:RSA+AESGCM", ecdsa)) == Status::pass);
  CHECK(told(check, live("ECDHE+AESGCM:RSA+AESGCM", hardened_survey())) == Status::fail);
}

TEST_CASE("an offer that the string does not contain fails: somebody else answers") {
  TlsSurvey survey = hardened_survey();
  accept(survey, ProtocolVersion::tls1_2, {0xC030, 0x009F});
  const Evidence evidence = live(kExplicit, survey);
  CHECK(told(check, evidence) == Status::fail);
  CHECK(findings(check, evidence).front().observed == "DHE-RSA-AES256-GCM-SHA384");
}

TEST_CASE("without a TLS listener it does not apply; what is not told is unknown") {
  Evidence plain = declared(kGuide);
  plain.redis_configurations.front().effective["tls-port"] = "0";
  CHECK(told(check, plain) == Status::not_applicable);
  CHECK(told(check, story_of(guide_survey())) == Status::unknown);
  CHECK(told(check, story()) == Status::unknown);
}

TEST_CASE("a broad string means something else in every OpenSSL: other suites accuse nobody") {
  TlsSurvey survey = hardened_survey();
  accept(survey, ProtocolVersion::tls1_2, {0xC030, 0xC061});  // ARIA is not in our DEFAULT
  const Evidence evidence = live("HIGH:!kRSA:!aNULL", survey);
  for (const Finding& finding : findings(check, evidence))
    CHECK_FALSE(finding.message.contains("another program"));
  CHECK(told(check, live(kExplicit, survey)) == Status::fail);
}
