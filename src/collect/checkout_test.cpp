// What a checkout rightly does not hold, told from what is missing.
#include "collect/checkout.h"

#include <doctest/doctest.h>

#include "collect/collectors.h"
#include "tests/support/temporary_directory.h"

using namespace rta;
using rta::testing::TemporaryDirectory;

namespace {

Evidence collected(const TemporaryDirectory& tree, bool ci) {
  Evidence evidence;
  ScanSettings settings;
  settings.project = tree.path();
  settings.ci = evidence.scope.ci = ci;
  SecretVault vault;
  Result<ProjectFiles> files = ProjectFiles::open(tree.path());
  REQUIRE(files);
  CollectContext context{settings, &*files, vault, Needs{Need::project_files}};
  collect_compose(context, evidence);
  collect_redis_configurations(context, evidence);
  collect_consumers(context, evidence);
  collect_certificates(context, evidence);
  collect_key_files(context, evidence);
  collect_checkout(context, evidence);
  return evidence;
}

GapReason reason(const Evidence& evidence, const std::string& declared) {
  for (const NamedFile& named : evidence.named_files)
    if (named.declared == declared) {
      REQUIRE(named.file.gap() != nullptr);
      return named.file.gap()->reason;
    }
  FAIL("nobody names ", declared);
  std::abort();
}

const char* const kCompose =
    "services:\n  redis:\n    image: redis:8\n    command: redis-server --requirepass "
    "${PASSWORD:?}\n"
    "  backend:\n    image: b\n    env_file: backend/.env\n    environment:\n"
    "      REDIS_TLS_ENABLED: 'true'\n      REDIS_PASSWORD: ${PASSWORD}\n"
    "      REDIS_TLS_CA_PATH: /certs/ca.pem\n      REDIS_TLS_CERT_PATH: /nowhere/c.pem\n"
    "    volumes: ['./certs:/certs:ro']\n";

}  // namespace

TEST_CASE("what .gitignore keeps out, and what lies on the host, is left out of a checkout") {
  const TemporaryDirectory tree;
  tree.write(".gitignore", "certs/\n!certs/public.pem\n");
  tree.write("redis.conf",
             "tls-port 6379\nport 0\ntls-cert-file certs/c.pem\ntls-key-file /etc/redis/k.pem\n"
             "tls-ca-cert-file tls/ca.pem\ntls-auth-clients no\n");
  const Evidence ours = collected(tree, true);
  CHECK(reason(ours, "certs/c.pem") == GapReason::left_out);
  CHECK(reason(ours, "/etc/redis/k.pem") == GapReason::left_out);
  CHECK(reason(ours, "tls/ca.pem") == GapReason::not_found);  // nothing keeps it out
  // Where no pull request is judged, missing is missing.
  const Evidence local = collected(tree, false);
  CHECK(reason(local, "certs/c.pem") == GapReason::not_found);
  CHECK(reason(local, "/etc/redis/k.pem") == GapReason::outside_scope);
}

TEST_CASE("a compose project is read without the env files that are kept out") {
  const TemporaryDirectory tree;
  tree.write(".gitignore", ".env\ncerts/\n");
  tree.write("docker-compose.yml", kCompose);
  CHECK(collected(tree, false).compose->refused);
  const Evidence ours = collected(tree, true);
  REQUIRE_FALSE(ours.compose->refused);
  REQUIRE(ours.redis_configurations.size() == 1);
  CHECK_FALSE(ours.redis_configurations[0].default_user_open);
  REQUIRE(ours.consumers.size() == 1);
  const Consumer& backend = ours.consumers[0];
  CHECK(backend.left_out == std::vector<std::string>{"backend/.env", ".env"});
  REQUIRE(backend.password);
  CHECK(backend.password->secret.left_out);
  CHECK(reason(ours, "/certs/ca.pem") == GapReason::left_out);
  CHECK(reason(ours, "/nowhere/c.pem") == GapReason::unsupported);  // its image may provide it
  for (const ComposeService& service : ours.compose->services)
    if (service.name == "backend") CHECK(service.mounts.at(0).left_out);
  // An env file that nothing keeps out is missing.
  tree.write(".gitignore", "certs/\n");
  CHECK(collected(tree, true).compose->refused);
}

TEST_CASE("rules of a .gitignore that is a link count for nothing") {
  const TemporaryDirectory tree;
  tree.write("rules", "certs/\n");
  tree.link(".gitignore", "rules");
  const Result<ProjectFiles> files = ProjectFiles::open(tree.path());
  REQUIRE(files);
  Checkout checkout{*files};
  CHECK_FALSE(checkout.rule_for("certs/c.pem"));
  CHECK_FALSE(checkout.rule_for("../certs/c.pem"));
  CHECK_FALSE(checkout.explain("certs/c.pem", {GapReason::denied, "mode 0600", ""}));
}
