#include "tests/support/check_story.h"
#include "tests/support/redis_story.h"

namespace rta::checks {
extern const Check topology_sentinels_protected;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& check = checks::topology_sentinels_protected;

Status told(RedisServer server, PortSpeech speech = PortSpeech::tls) {
  Evidence evidence = story();
  server.info["redis_mode"] = "sentinel";
  server.role = "sentinel";
  add_endpoint(evidence, std::move(server)).port_answer =
      Observation<PortAnswer>{PortAnswer{.speech = speech}};
  return findings(check, evidence).front().status;
}

}  // namespace

TEST_CASE("a sentinel with TLS and a login passes, without either it fails") {
  CHECK(told(hardened_server()) == Status::pass);
  CHECK(told(open_server()) == Status::fail);
  CHECK(told(hardened_server(), PortSpeech::plaintext_redis) == Status::fail);
  CHECK(told(hardened_server(), PortSpeech::both) == Status::fail);
}

TEST_CASE("what was not seen of a sentinel is unknown") {
  CHECK(told(hardened_server(), PortSpeech::other) == Status::unknown);
  RedisServer silent;
  CHECK(told(silent) == Status::unknown);
}

TEST_CASE("a Redis server is no sentinel, and one that tells nothing is unknown") {
  Evidence evidence = story();
  Endpoint& endpoint = add_endpoint(evidence, hardened_server());
  CHECK(findings(check, evidence).front().status == Status::not_applicable);
  endpoint.redis = Observation<RedisServer>{RedisServer{}};
  CHECK(findings(check, evidence).front().status == Status::unknown);
}
