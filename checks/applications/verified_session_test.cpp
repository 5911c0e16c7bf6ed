#include <doctest/doctest.h>

#include "checks/applications/consumer_stories.h"

namespace rta::checks {
extern const Check applications_verified_session;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::applications_verified_session;
}  // namespace

namespace {

Verdicts after(ConsumerSession session) {
  Evidence evidence = backend("REDIS_TLS_ENABLED=true\n");
  evidence.consumers[0].session = Observation<ConsumerSession>{std::move(session)};
  return told(check, evidence);
}

}  // namespace

TEST_CASE("a session up to PONG passes") {
  CHECK(after({.reached = SessionStage::done, .failure = {}, .certificates = {}}) ==
        one(kBackend, Status::pass));
}

TEST_CASE("every earlier stage fails with a remedy") {
  for (const auto& [stage, name] : EnumNames<SessionStage>::table) {
    if (stage == SessionStage::done) continue;
    INFO(name);
    Evidence evidence = backend("REDIS_TLS_ENABLED=true\n");
    evidence.consumers[0].session =
        Observation<ConsumerSession>{{.reached = stage, .failure = "why", .certificates = {}}};
    const auto all = findings(check, evidence);
    REQUIRE(all.size() == 1);
    CHECK(all[0].status == Status::fail);
    CHECK_FALSE(all[0].remediation.empty());
  }
}

TEST_CASE("what could not be tried is unknown, not failed") {
  CHECK(after({.reached = SessionStage::connect,
               .failure = "no route",
               .inconclusive = true,
               .certificates = {}}) == one(kBackend, Status::unknown));
  CHECK(told(check, backend("REDIS_TLS_ENABLED=true\n")) == one(kBackend, Status::unknown));
  CHECK(told(check, story()) == Verdicts{{"deployment", Status::unknown}});
}

TEST_CASE("a consumer that switches TLS off has no session of its own with TLS") {
  Evidence evidence = backend("REDIS_TLS_ENABLED=false\n");
  evidence.consumers[0].session =
      Observation<ConsumerSession>{{.reached = SessionStage::done, .failure = {}, .certificates = {}}};
  CHECK(told(check, evidence) == one(kBackend, Status::not_applicable));
}

TEST_CASE("the remedy follows the failure: another CA renews nothing") {
  const auto remedy = [](SessionStage stage, std::string failure) {
    Evidence evidence = backend("REDIS_TLS_ENABLED=true\n");
    evidence.consumers[0].session = Observation<ConsumerSession>{
        {.reached = stage, .failure = std::move(failure), .certificates = {}}};
    return findings(check, evidence).at(0).remediation;
  };
  CHECK(remedy(SessionStage::chain, "certificate has expired").starts_with("renew"));
  CHECK(remedy(SessionStage::chain, "unable to get local issuer certificate").contains("the CA"));
  CHECK(remedy(SessionStage::tls, "the server demands a client certificate: the server sent alert 116 "
                                  "certificate required").contains("client certificate and key"));
}
