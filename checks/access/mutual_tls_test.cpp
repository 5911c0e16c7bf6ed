#include "tests/support/check_story.h"
#include "tests/support/redis_story.h"

namespace rta::checks {
extern const Check access_mutual_tls;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& check = checks::access_mutual_tls;

Status told(const RedisServer& server, std::optional<ClientCertificateDemand> demand = {}) {
  Evidence evidence = story();
  Endpoint& endpoint = add_endpoint(evidence, server);
  if (demand) endpoint.chain = Observation<ServedChain>{ServedChain{.client_certificate = *demand}};
  return findings(check, evidence).front().status;
}

}  // namespace

TEST_CASE("required passes, optional warns") {
  CHECK(told(hardened_server(), ClientCertificateDemand::required) == Status::pass);
  CHECK(told(hardened_server(), ClientCertificateDemand::optional) == Status::warn);
  RedisServer silent;
  silent.client_certificate_demanded = true;
  CHECK(told(silent) == Status::pass);
}

TEST_CASE("no certificate with a password warns, without one it fails") {
  CHECK(told(hardened_server(), ClientCertificateDemand::none) == Status::warn);
  CHECK(told(open_server(), ClientCertificateDemand::none) == Status::fail);
}

TEST_CASE(
    "the handshake outweighs the parameter, which serves where the handshake showed nothing") {
  CHECK(told(hardened_server()) == Status::pass);  // tls-auth-clients yes
  CHECK(told(open_server()) == Status::fail);      // tls-auth-clients no
  CHECK(told(hardened_server(), ClientCertificateDemand::unknown) == Status::pass);
}

TEST_CASE("a server that takes a made-up certificate fails, whatever it demands") {
  Evidence evidence = story();
  Endpoint& endpoint = add_endpoint(evidence, hardened_server());
  SessionFacts sessions;
  sessions.demand = ClientCertificateDemand::required;
  sessions.rogue_certificates = {{.kind = RogueKind::strange_authority,
                                  .outcome = RogueOutcome::refused,
                                  .reason = "alert 48 unknown CA"}};
  endpoint.sessions = sessions;
  Finding told = findings(check, evidence).front();
  CHECK(told.status == Status::pass);
  CHECK(told.message == "a client needs a certificate, and 1 made up for this audit were refused");
  sessions.rogue_certificates.push_back({.kind = RogueKind::expired,
                                         .outcome = RogueOutcome::accepted,
                                         .reason = "PING was answered -NOAUTH"});
  for (const ClientCertificateDemand demand :
       {ClientCertificateDemand::required, ClientCertificateDemand::optional}) {
    sessions.demand = demand;
    endpoint.sessions = sessions;
    told = findings(check, evidence).front();
    CHECK(told.status == Status::fail);
    CHECK(told.severity == Severity::high);
    CHECK(told.message.contains("an expired one (at TLS 1.3 PING was answered -NOAUTH)"));
  }
  sessions.rogue_certificates.back().reason = "PING was answered +PONG";
  endpoint.sessions = sessions;
  CHECK(findings(check, evidence).front().severity == Severity::critical);
}

TEST_CASE("no answer to a made-up certificate neither fails nor counts as refused") {
  Evidence evidence = story();
  Endpoint& endpoint = add_endpoint(evidence, hardened_server());
  SessionFacts sessions;
  sessions.demand = ClientCertificateDemand::required;
  sessions.rogue_certificates = {{.reason = "the server reset the connection"}};
  endpoint.sessions = sessions;
  const Finding told = findings(check, evidence).front();
  CHECK(told.status == Status::pass);
  CHECK(told.message.contains("no clear answer"));
  CHECK_FALSE(told.message.contains("were refused"));
}

TEST_CASE("the weakest version of the sessions outweighs one handshake") {
  Evidence evidence = story();
  Endpoint& endpoint = add_endpoint(evidence, hardened_server());
  endpoint.chain =
      Observation<ServedChain>{ServedChain{.client_certificate = ClientCertificateDemand::required}};
  SessionFacts sessions;
  sessions.demand = ClientCertificateDemand::optional;
  endpoint.sessions = sessions;
  CHECK(findings(check, evidence).front().status == Status::warn);
}

TEST_CASE("what was not seen is unknown") {
  CHECK(told(RedisServer{}) == Status::unknown);
  CHECK(told(RedisServer{}, ClientCertificateDemand::none) == Status::unknown);
}

TEST_CASE("a configuration tells both halves") {
  Evidence evidence = story();
  RedisConfiguration& conf = add_configuration(evidence);
  CHECK(findings(check, evidence).front().status == Status::fail);
  conf.default_user_open = false;
  CHECK(findings(check, evidence).front().status == Status::warn);
}
