#include "tests/support/check_story.h"
#include "tests/support/redis_story.h"

namespace rta::checks {
extern const Check topology_nodes_agree;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::topology_nodes_agree;
}

TEST_CASE("two nodes that agree pass, one that differs warns") {
  Evidence evidence = story();
  RedisServer primary = hardened_server();
  primary.replicas = {{"10.0.0.2", 6379}};
  add_endpoint(evidence, primary);
  CHECK(verdicts(check, evidence) ==
        Verdicts{{"deployment", Status::unknown}});  // the replica was not asked
  Endpoint& replica = add_endpoint(evidence, hardened_server(), "replica:6379");
  CHECK(verdicts(check, evidence) == Verdicts{{"deployment", Status::pass}});
  replica.redis.value()->config["tls-replication"] = "yes";
  CHECK(verdicts(check, evidence) == Verdicts{{"endpoint replica:6379", Status::warn}});
}

TEST_CASE("one node has nobody to agree with, and a silent one is unknown") {
  Evidence evidence = story();
  add_endpoint(evidence, hardened_server());
  CHECK(verdicts(check, evidence) == Verdicts{{"deployment", Status::not_applicable}});
  add_silent_endpoint(evidence, "replica:6379");
  CHECK(verdicts(check, evidence) == Verdicts{{"endpoint replica:6379", Status::unknown}});
}
