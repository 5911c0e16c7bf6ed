#include <doctest/doctest.h>

#include "tests/support/check_story.h"

namespace rta::checks {
extern const Check redis_conf_tls_protocols_limited;
}

using namespace rta;
using rta::testing::Verdicts;

namespace {

const Check& kCheck = checks::redis_conf_tls_protocols_limited;

Evidence with(const std::map<std::string, std::string>& effective) {
  Evidence evidence = rta::testing::story();
  RedisConfiguration& conf = evidence.redis_configurations.emplace_back();
  conf.source = "redis.conf";
  conf.effective = effective;
  conf.default_user_open = true;
  return evidence;
}

Status told(const Evidence& evidence) {
  const Verdicts all = rta::testing::verdicts(kCheck, evidence);
  REQUIRE(all.size() == 1);
  return all[0].second;
}

}  // namespace

TEST_CASE("1.2 and 1.3 pass, in any spelling, and so does the default") {
  for (const std::string value : {"TLSv1.2 TLSv1.3", "tlsv1.3", ""})
    CHECK(told(with({{"tls-port", "6379"}, {"tls-protocols", value}})) == Status::pass);
}

TEST_CASE("1.0 or 1.1 in the list fails") {
  CHECK(told(with({{"tls-port", "6379"}, {"tls-protocols", "TLSv1 TLSv1.2"}})) == Status::fail);
  CHECK(told(with({{"tls-port", "6379"}, {"tls-protocols", "TLSv1.1"}})) == Status::fail);
}

TEST_CASE("the default fails where only 1.3 is allowed") {
  const Evidence evidence = with({{"tls-port", "6379"}, {"tls-protocols", ""}});
  CHECK(rta::testing::verdicts(kCheck, evidence, rta::testing::profile("mozilla-modern")) ==
        Verdicts{{"file redis.conf", Status::fail}});
}

TEST_CASE("a list that Redis cannot read fails, another refusal is unknown") {
  Evidence evidence = with({});
  evidence.redis_configurations[0].refused =
      "Failed to configure TLS: Invalid tls-protocols specified.";
  CHECK(told(evidence) == Status::fail);
  evidence.redis_configurations[0].refused = "Unbalanced quotes in configuration line";
  CHECK(told(evidence) == Status::unknown);
}

TEST_CASE("without TLS the list does not apply") {
  CHECK(told(with({{"tls-port", "0"}, {"tls-protocols", "TLSv1"}})) == Status::not_applicable);
}

TEST_CASE("no configuration anywhere is unknown") {
  CHECK(rta::testing::verdicts(kCheck, rta::testing::story()) ==
        Verdicts{{"deployment", Status::unknown}});
}
