#include "tests/support/check_story.h"
#include "tests/support/redis_story.h"

namespace rta::checks {
extern const Check managed_trust_anchor_fits;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& check = checks::managed_trust_anchor_fits;

Status told(const std::string& host, const std::string& ca = {}, const std::string& inside = {}) {
  Evidence evidence = story();
  Consumer& consumer = add_consumer(evidence, "backend");
  consumer.host = host;
  if (!ca.empty()) {
    consumer.ca.emplace();
    consumer.ca->declared = ca;
  }
  if (!inside.empty()) consumer.ca_certificates.push_back(Bytes{inside.begin(), inside.end()});
  return findings(check, evidence).front().status;
}

const std::string kElastiCache = "master.phi.abc.euw1.cache.amazonaws.com";

}  // namespace

TEST_CASE("the bundle of RDS is the wrong one for ElastiCache") {
  CHECK(told(kElastiCache, "certs/global-bundle.pem") == Status::warn);
  CHECK(told(kElastiCache, "certs/ca.pem",
             "O=Amazon Web Services, CN=Amazon RDS eu-west-1 Root CA") == Status::warn);
}

TEST_CASE("a script that fetches the bundle of RDS for ElastiCache warns before anybody uses it") {
  Evidence evidence = story();
  Artefact& script = evidence.artefacts.emplace_back();
  script.purpose = Purpose::managed_service;
  script.location = {"scripts/create.sh", 12, 1};
  script.problems = {"anchor: the bundle holds the CAs of RDS"};
  add_consumer(evidence, "backend");
  CHECK(verdicts(check, evidence) == Verdicts{{"artefact scripts/create.sh", Status::warn}});
}

TEST_CASE("the system's store and Amazon's roots are right") {
  CHECK(told(kElastiCache) == Status::pass);
  CHECK(told(kElastiCache, "AmazonRootCA1.pem", "CN=Amazon Root CA 1") == Status::pass);
  CHECK(told("phi.redis.cache.windows.net", "ca.pem", "CN=DigiCert Global Root G2") ==
        Status::pass);
}

TEST_CASE("a provider with a CA of its own needs it to be named") {
  CHECK(told("redis-1.c1.eu.cloud.redislabs.com", "redis_ca.pem") == Status::pass);
  CHECK(told("redis-1.c1.eu.cloud.redislabs.com") == Status::warn);
}

TEST_CASE("another file is not judged, and a self-hosted Redis not concerned") {
  CHECK(told(kElastiCache, "ca.pem", "CN=Our CA") == Status::unknown);
  CHECK(told("redis", "certs/global-bundle.pem") == Status::not_applicable);
}
