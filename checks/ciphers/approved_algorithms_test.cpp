#include <doctest/doctest.h>

#include "tests/support/check_story.h"
#include "tests/support/tls_story.h"

namespace rta::checks {
extern const Check ciphers_approved_algorithms;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::ciphers_approved_algorithms;
}  // namespace

TEST_CASE("AES and ChaCha20 pass under hipaa, ChaCha20 warns under federal rules") {
  CHECK(told(check, guide_survey()) == Status::pass);
  CHECK(told(check, guide_survey(), "nist-800-52r2") == Status::warn);
}

TEST_CASE("Camellia warns under hipaa and fails under federal rules") {
  TlsSurvey survey = hardened_survey();
  accept(survey, ProtocolVersion::tls1_2, {0xC030, 0xC08B});
  CHECK(told(check, survey) == Status::warn);
  CHECK(told(check, survey, "nist-800-52r2") == Status::fail);
}

TEST_CASE("a profile with a list fails everything outside it") {
  CHECK(told(check, guide_survey(), "mozilla-intermediate") == Status::fail);
  CHECK(told(check, hardened_survey(), "mozilla-intermediate") == Status::pass);
}

TEST_CASE("an incomplete list is unknown") {
  TlsSurvey survey = hardened_survey();
  cut_short(survey, ProtocolVersion::tls1_2);
  CHECK(told(check, survey) == Status::unknown);
}

TEST_CASE("approved algorithms: without a survey nothing is said but unknown") {
  CHECK(is_unknown_without_survey(check));
}

TEST_CASE("the remedy is one that the profile itself accepts") {
  const auto remedy = [](const char* profile) {
    return findings(check, story_of(guide_survey()), rta::testing::profile(profile)).front().remediation;
  };
  CHECK(remedy("nist-800-52r2").contains("tls-ciphers ECDHE+AESGCM\n"));
  CHECK_FALSE(remedy("nist-800-52r2").contains("CHACHA20"));
  CHECK(remedy("mozilla-modern").starts_with("tls-protocols \"TLSv1.3\""));
  CHECK(remedy("mozilla-intermediate").contains("CHACHA20"));
}
