#include "collect/spring_applications.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "collect/collectors.h"
#include "tests/support/temporary_directory.h"

using namespace rta;
using rta::testing::TemporaryDirectory;

namespace {

Evidence collected(const TemporaryDirectory& tree) {
  Evidence evidence;
  ScanSettings settings;
  settings.project = tree.path();
  Result<ProjectFiles> files = ProjectFiles::open(tree.path());
  REQUIRE(files);
  SecretVault vault;
  CollectContext context{settings, &*files, vault, {Need::project_files}};
  collect_compose(context, evidence);
  collect_consumers(context, evidence);
  return evidence;
}

const Consumer* consumer(const Evidence& evidence, const std::string& key) {
  const auto found = std::ranges::find(evidence.consumers, key, &Consumer::key);
  return found == evidence.consumers.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("an application of Spring is judged by its own files and the container's environment") {
  const char* yaml =
      "spring:\n  data:\n    redis:\n      host: cache\n      ssl:\n        enabled: %s\n";
  const auto with = [&](std::string_view enabled) {
    std::string text = yaml;
    return text.replace(text.find("%s"), 2, enabled);
  };
  const TemporaryDirectory tree;
  tree.write("backend/src/main/resources/application.yml", with("false"));
  tree.write("backend/src/main/resources/application-prod.yml", with("true"));
  tree.write("backend/src/main/resources/application-dev.yml", with("false"));
  tree.write("backend/src/test/resources/application.yml", with("false"));
  tree.write("worker/config/application.properties", "spring.redis.ssl=${TLS:false}\n");
  const Evidence evidence = collected(tree);
  CHECK(evidence.consumers.size() == 2);
  const Consumer* backend =
      consumer(evidence, "backend@backend/src/main/resources/application.yml");
  REQUIRE(backend != nullptr);
  CHECK(backend->role == ConsumerRole::backend);
  CHECK(backend->host == "cache");
  REQUIRE(backend->tls_switch);
  CHECK(backend->tls_switch->value == "true");
  CHECK(backend->tls_switch->location.path == "backend/src/main/resources/application-prod.yml");
  CHECK(backend->level == VerificationLevel::tls_verified);
  const Consumer* worker = consumer(evidence, "worker@worker/config/application.properties");
  REQUIRE(worker != nullptr);
  CHECK(worker->left_out.size() == 1);

  const TemporaryDirectory composed;
  composed.write("api/src/main/resources/application.yml", with("${TLS:false}"));
  composed.write("docker-compose.yml",
                 "services:\n  api:\n    build: ./api\n    environment:\n      TLS: 'true'\n"
                 "      SPRING_DATA_REDIS_HOST: redis\n");
  const Evidence in_container = collected(composed);
  REQUIRE(in_container.consumers.size() == 1);
  CHECK(in_container.consumers[0].key == "api@docker-compose.yml");
  CHECK(in_container.consumers[0].host == "redis");
  REQUIRE(in_container.consumers[0].tls_switch);
  CHECK(in_container.consumers[0].tls_switch->value == "true");
  CHECK(in_container.consumers[0].left_out.empty());
}

TEST_CASE("the profile that a container names decides") {
  const TemporaryDirectory tree;
  tree.write("api/src/main/resources/application.yml", "spring.data.redis.ssl.enabled: true\n");
  tree.write("api/src/main/resources/application-docker.properties",
             "spring.data.redis.ssl.enabled=false\n");
  tree.write("docker-compose.yml",
             "services:\n  api:\n    build: ./api\n    environment:\n"
             "      SPRING_PROFILES_ACTIVE: docker\n");
  const Evidence evidence = collected(tree);
  REQUIRE(evidence.consumers.size() == 1);
  REQUIRE(evidence.consumers[0].tls_switch);
  CHECK(evidence.consumers[0].tls_switch->value == "false");
}
