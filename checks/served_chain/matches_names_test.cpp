#include <doctest/doctest.h>

#include "tests/support/certificate_story.h"
#include "tests/support/check_story.h"
#include "tests/support/pki.h"

namespace rta::checks {
extern const Check served_chain_matches_names;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& kCheck = checks::served_chain_matches_names;

}  // namespace

TEST_CASE("the served name decides, per consumer") {
  Evidence evidence = story();
  serve(evidence, {make_server(make_authority()).der});
  add_consumer(evidence);
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"consumer backend@backend/.env", Status::pass}});
  evidence.consumers[0].host = "localhost";
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"consumer backend@backend/.env", Status::fail}});
}

TEST_CASE("no alternative names fail in production and warn in development") {
  Evidence evidence = story();
  serve(evidence, {make_self_signed(x509::guide_leaf(issued_at(), "redis", 1)).der});
  add_consumer(evidence);
  CHECK(findings(kCheck, evidence).at(0).status == Status::fail);
  CHECK(findings(kCheck, evidence, profile("development")).at(0).status == Status::warn);
}

TEST_CASE("without consumers the target's own name is compared") {
  Evidence evidence = story();
  Endpoint& endpoint = serve(evidence, {make_server(make_authority(), "other").der});
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"endpoint redis:6379", Status::fail}});
  endpoint.chain.value()->server_name_sent = "other";  // --sni: the name to ask for and to verify
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"endpoint redis:6379", Status::pass}});
}

TEST_CASE("a chain that was not seen, or cannot be read, is unknown") {
  Evidence evidence = story();
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"deployment", Status::unknown}});
  serve_nothing(evidence);
  add_consumer(evidence);
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"consumer backend@backend/.env", Status::unknown}});
  evidence.endpoints.clear();
  serve(evidence, {Bytes{1, 2, 3}});
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"consumer backend@backend/.env", Status::unknown}});
}

TEST_CASE("a consumer of an endpoint that nobody audited is unknown, not judged by another's") {
  Evidence evidence = story();
  serve(evidence, {make_server(make_authority()).der});
  add_consumer(evidence, "elsewhere");
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"consumer backend@backend/.env", Status::unknown}});
}
