#include <doctest/doctest.h>

#include "tests/support/check_story.h"
#include "tests/support/tls_story.h"

namespace rta::checks {
extern const Check key_exchange_strong_dh;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::key_exchange_strong_dh;
}  // namespace

TEST_CASE("the guide's 4096-bit prime passes, and no DHE is allowed where the profile forbids it") {
  CHECK(told(check, guide_survey()) == Status::pass);
  CHECK(message_of(check, guide_survey()).find("RFC 3526 group 16 (4096 bits)") !=
        std::string::npos);
  CHECK(told(check, guide_survey(), "mozilla-modern") == Status::fail);
}

TEST_CASE("short, shared and composite primes fail") {
  TlsSurvey survey = guide_survey();
  survey.dh_parameters.front().prime = published_prime(1024);
  CHECK(told(check, survey) == Status::fail);
  Bytes composite = published_prime(4096);
  composite.back() = 0;
  survey.dh_parameters.front().prime = composite;
  CHECK(told(check, survey) == Status::fail);
  CHECK(message_of(check, survey).find("not prime") != std::string::npos);
}

TEST_CASE("a prime of the server's own of 2048 bits warns, the published one passes") {
  TlsSurvey survey = guide_survey();
  survey.dh_parameters.front().prime = published_prime(2048);
  CHECK(told(check, survey) == Status::pass);
  // 2^2048 - 1942289 is prime and nobody's published group.
  Bytes own(256, 0xFF);
  own[253] = 0xE2;
  own[254] = 0x5C;
  own[255] = 0xEF;
  survey.dh_parameters.front().prime = own;
  CHECK(told(check, survey) == Status::warn);
}

TEST_CASE("no DHE does not apply; an unseen prime, an open list and a stand-in are unknown") {
  CHECK(told(check, hardened_survey()) == Status::not_applicable);
  TlsSurvey unseen = guide_survey();
  unseen.dh_parameters.clear();
  CHECK(told(check, unseen) == Status::unknown);
  TlsSurvey open = hardened_survey();
  cut_short(open, ProtocolVersion::tls1_2);
  CHECK(told(check, open) == Status::unknown);
  Evidence rehearsed = story_of(guide_survey());
  rehearsed.endpoints.front().stand_in_certificate = true;
  CHECK(told(check, rehearsed) == Status::unknown);
}

TEST_CASE("a rehearsal without the project's own DH parameters tells nothing about them") {
  Evidence rehearsed = story_of(guide_survey());
  Endpoint& endpoint = rehearsed.endpoints.front();
  endpoint.kind = EndpointKind::rehearsal;
  endpoint.key = "rehearsal:redis.conf";
  endpoint.rehearsed_source = "redis.conf";
  CHECK(told(check, rehearsed) == Status::pass);
  NamedFile& parameters = rehearsed.named_files.emplace_back();
  parameters.declared = parameters.path = "certs/dh.pem";
  parameters.reference = {FileUse::dh_parameters, {"redis.conf", 7, 1}, "redis.conf"};
  parameters.file = Gap{GapReason::not_found, "certs/dh.pem does not exist", ""};
  CHECK(told(check, rehearsed) == Status::unknown);
}

TEST_CASE("strong dh: without a survey nothing is said but unknown") {
  CHECK(is_unknown_without_survey(check));
}

TEST_CASE("the prime of certified suites says nothing about anonymous ones, which often have a shorter") {
  TlsSurvey survey = guide_survey();
  survey.dh_parameters.front().suite = 0x009F;  // DHE-RSA
  CHECK(told(check, survey) == Status::pass);
  accept(survey, ProtocolVersion::tls1_2, {0x009F, 0x00A7});  // ADH-AES256-GCM-SHA384
  survey.gate_mode = true;
  CHECK(told(check, survey) == Status::unknown);
  CHECK(message_of(check, survey).find("ADH-AES256-GCM-SHA384") != std::string::npos);
}
