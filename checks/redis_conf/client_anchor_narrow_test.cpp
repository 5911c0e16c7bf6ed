#include <doctest/doctest.h>

#include "tests/support/check_story.h"

namespace rta::checks {
extern const Check redis_conf_client_anchor_narrow;
}

using namespace rta;
using rta::testing::Verdicts;

namespace {

const Check& kCheck = checks::redis_conf_client_anchor_narrow;

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

Evidence anchored(std::size_t certificates, const std::string& path = "certs/ca.pem") {
  Evidence evidence =
      with({{"tls-port", "6379"}, {"tls-auth-clients", "yes"}, {"tls-ca-cert-file", path}});
  NamedFile file;
  file.declared = file.path = path;
  file.reference = {FileUse::server_ca, {"redis.conf", 3, 0}, "redis.conf"};
  evidence.named_files = {file};
  CertificateFile read;
  read.file.path = path;
  for (std::size_t i = 0; i < certificates; ++i)
    read.certificates.push_back(Bytes(1, static_cast<std::uint8_t>(i)));
  evidence.certificate_files.emplace_back(read);
  return evidence;
}

}  // namespace

TEST_CASE("one private anchor passes, four warn, a bundle fails") {
  CHECK(told(anchored(1)) == Status::pass);
  CHECK(told(anchored(3)) == Status::pass);
  CHECK(told(anchored(4)) == Status::warn);
  CHECK(told(anchored(130)) == Status::fail);
}

TEST_CASE("an anchor out of the public store fails") {
  Evidence evidence = anchored(1);
  evidence.public_store = {Bytes(1, 0)};
  CHECK(told(evidence) == Status::fail);
}

TEST_CASE("the system's store fails by its path") {
  CHECK(told(anchored(1, "/etc/ssl/certs/ca-certificates.crt")) == Status::fail);
  CHECK(told(with({{"tls-port", "1"},
                   {"tls-auth-clients", "optional"},
                   {"tls-ca-cert-dir", "/etc/ssl/certs"}})) == Status::fail);
}

TEST_CASE("without verification of peers it does not apply") {
  CHECK(told(with({{"tls-port", "6379"},
                   {"tls-auth-clients", "no"},
                   {"tls-ca-cert-file", "/etc/ssl/certs/x"}})) == Status::not_applicable);
}

TEST_CASE("TLS replication verifies peers even without client certificates") {
  Evidence evidence = anchored(4);
  evidence.redis_configurations[0].effective["tls-auth-clients"] = "no";
  evidence.redis_configurations[0].effective["tls-replication"] = "yes";
  CHECK(told(evidence) == Status::warn);
}

TEST_CASE("a CA file that was not seen is unknown, and so is a directory") {
  Evidence evidence = anchored(1);
  evidence.certificate_files.clear();
  CHECK(told(evidence) == Status::unknown);
  CHECK(told(anchored(0)) == Status::unknown);
  CHECK(told(with({{"tls-port", "1"},
                   {"tls-auth-clients", "yes"},
                   {"tls-ca-cert-dir", "/etc/redis/ca"}})) == Status::unknown);
  CHECK(told(with({{"tls-port", "1"}, {"tls-auth-clients", "yes"}})) == Status::unknown);
  CHECK(told(with({})) == Status::unknown);
}

TEST_CASE("no configuration anywhere is unknown") {
  CHECK(rta::testing::verdicts(kCheck, rta::testing::story()) ==
        Verdicts{{"deployment", Status::unknown}});
}
