#include <doctest/doctest.h>

#include "tests/support/check_story.h"

namespace rta::checks {
extern const Check redis_conf_tls_material_complete;
}

using namespace rta;
using rta::testing::Verdicts;

namespace {

const Check& kCheck = checks::redis_conf_tls_material_complete;

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

Evidence live(const std::map<std::string, std::string>& config) {
  Evidence evidence = rta::testing::story();
  Endpoint& endpoint = evidence.endpoints.emplace_back();
  endpoint.key = "redis:6379";
  RedisServer server;
  server.config = config;
  endpoint.redis = Observation<RedisServer>{server};
  return evidence;
}

NamedFile named(const std::string& declared) {
  NamedFile file;
  file.declared = file.path = declared;
  file.reference = {FileUse::server_certificate, {"redis.conf", 3, 0}, "redis.conf"};
  file.file = Observation<FileFacts>{FileFacts{}};
  return file;
}

Evidence naming(const NamedFile& file) {
  Evidence evidence = with({{"tls-port", "6379"}, {"tls-cert-file", file.declared}});
  evidence.named_files = {file};
  return evidence;
}

}  // namespace

TEST_CASE("existing files under absolute paths pass") {
  CHECK(told(naming(named("/etc/redis/tls/c.pem"))) == Status::pass);
}

TEST_CASE("a placeholder warns and so does a relative path") {
  NamedFile file = named("/path/to/c.pem");
  file.placeholder = true;
  CHECK(told(naming(file)) == Status::warn);
  CHECK(told(naming(named("certs/c.pem"))) == Status::warn);
}

TEST_CASE("a missing file of the project fails, one outside is unknown") {
  NamedFile file = named("certs/c.pem");
  file.file = Observation<FileFacts>{Gap{GapReason::not_found, "no such file", ""}};
  CHECK(told(naming(file)) == Status::fail);
  file = named("/etc/redis/c.pem");
  file.file =
      Observation<FileFacts>{Gap{GapReason::outside_scope, "outside", "--allow-path /etc/redis"}};
  CHECK(told(naming(file)) == Status::unknown);
}

TEST_CASE("a configuration whose TLS cannot start fails") {
  Evidence evidence = with({});
  evidence.redis_configurations[0].refused =
      "Failed to configure TLS: No tls-cert-file configured!";
  CHECK(told(evidence) == Status::fail);
}

TEST_CASE("files of another configuration do not count, and without TLS nothing applies") {
  NamedFile file = named("/etc/c.pem");
  file.reference.by = "other.conf";
  CHECK(told(naming(file)) == Status::unknown);
  CHECK(told(with({{"tls-port", "0"}})) == Status::not_applicable);
}

TEST_CASE("a running TLS server has loaded its files") {
  CHECK(told(live({{"tls-port", "6379"}, {"tls-cert-file", "c"}})) == Status::pass);
  CHECK(told(live({})) == Status::unknown);
  CHECK(told(live({{"tls-port", "0"}})) == Status::not_applicable);
}

TEST_CASE("no configuration anywhere is unknown") {
  CHECK(rta::testing::verdicts(kCheck, rta::testing::story()) ==
        Verdicts{{"deployment", Status::unknown}});
}

TEST_CASE("in a pull request a file that is not in the checkout is unknown, and no defect") {
  NamedFile file = named("certs/c.pem");
  file.file = Gap{GapReason::not_found, "certs does not exist", ""};
  CHECK(told(naming(file)) == Status::fail);
  Evidence pull_request = naming(file);
  pull_request.scope.ci = true;
  CHECK(told(pull_request) == Status::unknown);
  pull_request.named_files[0].placeholder = true;
  CHECK(told(pull_request) == Status::warn);
}

TEST_CASE("a cipher string that is refused is no matter of certificate files") {
  Evidence evidence = naming(named("/etc/redis/tls/c.pem"));
  evidence.redis_configurations[0].refused =
      "Failed to configure TLS: Failed to configure ciphers: NOPE";
  CHECK(told(evidence) != Status::fail);
  evidence.redis_configurations[0].refused =
      "Failed to configure TLS: Failed to load private key: certs/k.pem: key values mismatch";
  CHECK(told(evidence) == Status::fail);
}
