#include "tests/support/check_story.h"
#include "tests/support/redis_story.h"

#include "tests/support/pki.h"

namespace rta::checks {
extern const Check topology_client_identity_valid;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& check = checks::topology_client_identity_valid;

Status told(const Bytes& leaf, const std::string& replication = "yes") {
  Evidence evidence = story();
  RedisServer server = hardened_server();
  server.config["tls-replication"] = replication;
  Endpoint& endpoint = add_endpoint(evidence, server);
  if (!leaf.empty()) endpoint.chain = Observation<ServedChain>{ServedChain{.certificates = {leaf}}};
  return findings(check, evidence).front().status;
}

Bytes leaf_for(bool client) {
  const Issued authority = make_authority();
  x509::CertificateSpec spec = client ? x509::proper_client("node", issued_at(), 365)
                                      : x509::proper_server({"redis"}, {}, issued_at(), 365);
  return make_issued(spec, authority).der;
}

}  // namespace

TEST_CASE("a certificate for clients passes, one for servers alone fails") {
  CHECK(told(leaf_for(true)) == Status::pass);
  CHECK(told(leaf_for(false)) == Status::fail);
}

TEST_CASE("without outbound TLS there is nothing to judge, without a certificate nothing to see") {
  CHECK(told(leaf_for(false), "no") == Status::not_applicable);
  CHECK(told({}) == Status::unknown);
  CHECK(told(Bytes{1, 2, 3}) == Status::unknown);
}
