#include <doctest/doctest.h>

#include "tests/support/check_story.h"
#include "tests/support/tls_story.h"

namespace rta::checks {
extern const Check key_exchange_strong_handshake_signature;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::key_exchange_strong_handshake_signature;
}  // namespace

TEST_CASE("SHA-256 with SHA-1 refused passes, SHA-1 on demand warns, SHA-1 by choice fails") {
  TlsSurvey survey = guide_survey();
  CHECK(told(check, survey) == Status::pass);
  survey.behaviour.sha1_signature_accepted = true;
  CHECK(told(check, survey) == Status::warn);
  survey.behaviour.signature_scheme = 0x0201;
  CHECK(told(check, survey) == Status::fail);
}

TEST_CASE("TLS 1.3 alone passes by its own rules") {
  TlsSurvey survey = guide_survey();
  refuse(survey, ProtocolVersion::tls1_2);
  survey.behaviour.signature_scheme.reset();
  survey.behaviour.sha1_signature_accepted.reset();
  CHECK(told(check, survey) == Status::pass);
}

TEST_CASE("an unseen signature is unknown, static RSA signs nothing") {
  TlsSurvey survey = guide_survey();
  survey.behaviour.signature_scheme.reset();
  survey.behaviour.sha1_signature_accepted.reset();
  CHECK(told(check, survey) == Status::unknown);
  accept(survey, ProtocolVersion::tls1_2, {0x009C});
  CHECK(told(check, survey) == Status::not_applicable);
}

TEST_CASE("strong handshake signature: without a survey nothing is said but unknown") {
  CHECK(is_unknown_without_survey(check));
}
