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
