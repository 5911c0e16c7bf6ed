#include <doctest/doctest.h>

#include "tests/support/check_story.h"
#include "tests/support/tls_story.h"

namespace rta::checks {
extern const Check protocol_no_latent_legacy;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::protocol_no_latent_legacy;
}  // namespace

TEST_CASE("versions that are switched off pass") {
  CHECK(told(check, guide_survey()) == Status::pass);
}

TEST_CASE("alert 80 or 71 tells of a version that is merely unusable") {
  for (const std::uint8_t alert : {std::uint8_t{80}, std::uint8_t{71}}) {
    TlsSurvey survey = guide_survey();
    refuse(survey, ProtocolVersion::tls1_0, alert);
    CHECK(told(check, survey) == Status::warn);
  }
  TlsSurvey other = guide_survey();
  refuse(other, ProtocolVersion::tls1_0, 40);
  CHECK(told(check, other) == Status::pass);
}

TEST_CASE("a server or a file that lists TLSv1 warns although the probe is refused") {
  Evidence evidence = story_of(guide_survey());
  RedisServer server;
  server.config["tls-protocols"] = "TLSv1 TLSv1.1 TLSv1.2";
  evidence.endpoints.front().redis = Observation<RedisServer>{server};
  CHECK(told(check, evidence) == Status::warn);
  Evidence file = story_of(guide_survey());
  RedisConfiguration& conf = file.redis_configurations.emplace_back();
  conf.source = "redis.conf";
  conf.effective["tls-protocols"] = "tlsv1.1 TLSv1.2";
  CHECK(verdicts(check, file) ==
        Verdicts{{"endpoint redis:6379", Status::pass}, {"file redis.conf", Status::warn}});
}

TEST_CASE("an open legacy version is another check's, an unanswered one unknown") {
  TlsSurvey survey = guide_survey();
  accept(survey, ProtocolVersion::tls1_0, {0xC013});
  CHECK(told(check, survey) == Status::not_applicable);
  leave_open(survey, ProtocolVersion::tls1_0);
  CHECK(told(check, survey) == Status::unknown);
}

TEST_CASE("no latent legacy: without a survey nothing is said but unknown") {
  CHECK(is_unknown_without_survey(check));
}
