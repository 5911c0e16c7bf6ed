#include <doctest/doctest.h>

#include <algorithm>

#include "collect/collector.h"
#include "collect/collectors.h"
#include "tests/support/pki.h"
#include "tests/support/temporary_directory.h"

using namespace rta;
using rta::testing::TemporaryDirectory;

namespace {

// Runs the collectors of consumers and source code over a tree; `before` may
// put a compose project into the evidence.
Evidence collected(const TemporaryDirectory& tree, Evidence evidence = {}) {
  ScanSettings settings;
  settings.project = tree.path();
  auto files = ProjectFiles::open(tree.path());
  REQUIRE(files);
  SecretVault vault;
  CollectContext context{settings, &*files, vault, {Need::project_files, Need::source_code}};
  if (ComposeProject* compose = evidence.compose.value())
    for (ComposeService& service : compose->services)
      for (auto& [name, value] : service.environment)
        if (name == "REDIS_PASSWORD") value = vault.put(value);
  collect_consumers(context, evidence);
  collect_source_code(context, evidence);
  return evidence;
}

const Consumer* consumer(const Evidence& evidence, const std::string& key) {
  const auto found = std::ranges::find(evidence.consumers, key, &Consumer::key);
  return found == evidence.consumers.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("env files become consumers with role, reader and a CA that was read") {
  const TemporaryDirectory tree;
  const testing::Issued authority = testing::make_authority();
  tree.write("backend/package.json", R"({"dependencies":{"dotenv":"16","ioredis":"^5.3.2"}})");
  tree.write(
      "backend/.env",
      "REDIS_TLS_ENABLED=true#on\nREDIS_TLS_CA_PATH=certs/ca.pem\nREDIS_PASSWORD=hunter2secret\n");
  tree.write("backend/certs/ca.pem", authority.pem());
  tree.write("worker/.env",
             "REDIS_TLS_ENABLED=true#on\nREDIS_TLS_CA_CERT=/absolute/path/to/ca.pem\n");
  tree.write("frontend/.env", "API_URL=https://x\n");
  tree.write("backend/.env.example", "REDIS_TLS_ENABLED=false\n");
  const Evidence evidence = collected(tree);
  REQUIRE(evidence.consumers.size() == 3);

  const Consumer* backend = consumer(evidence, "backend@backend/.env");
  REQUIRE(backend != nullptr);
  CHECK(backend->role == ConsumerRole::backend);
  CHECK(backend->dialect == "node");
  CHECK(backend->tls_switch->value == "true");
  CHECK(backend->library == "ioredis >=5.3.2");
  REQUIRE(backend->ca);
  CHECK(backend->ca->path == "backend/certs/ca.pem");
  CHECK(backend->ca->file.has_value());
  REQUIRE(backend->ca_certificates.size() == 1);
  CHECK(backend->ca_certificates[0] == authority.der);
  REQUIRE(backend->password);
  CHECK(backend->password->secret.ordinal == "secret#1");

  const Consumer* worker = consumer(evidence, "worker@worker/.env");
  REQUIRE(worker != nullptr);
  CHECK(worker->dialect == "python");
  CHECK(worker->tls_switch->value == "true#on");
  CHECK(worker->tls_switch->other_dialects.front() == "node: true");
  CHECK(worker->ca->placeholder);
  CHECK(worker->ca->file.gap() != nullptr);

  const Consumer* example = consumer(evidence, "backend@backend/.env.example");
  REQUIRE(example != nullptr);
  CHECK(example->template_file);
  CHECK(evidence.secret_files.size() == 1);
}

TEST_CASE("a compose service is a consumer of its own, with its CA behind a mount") {
  const TemporaryDirectory tree;
  tree.write("certs/redis/ca.pem", testing::make_authority().pem());
  ComposeProject compose;
  compose.files = {"docker-compose.yml"};
  ComposeService& service = compose.services.emplace_back();
  service.name = "backend";
  service.location = {"docker-compose.yml", 9, 3};
  service.environment = {{"REDIS_HOST", "redis"},
                         {"REDIS_TLS_CA_PATH", "/certs/redis/ca.pem"},
                         {"REDIS_TLS_ENABLED", "true"},
                         {"REDIS_PASSWORD", "hunter2secret"}};
  Mount& mount = service.mounts.emplace_back();
  mount.type = "bind";
  mount.source = "certs/redis";
  mount.target = "/certs/redis";
  Evidence before;
  before.compose = compose;
  const Evidence evidence = collected(tree, before);
  const Consumer* backend = consumer(evidence, "backend@docker-compose.yml");
  REQUIRE(backend != nullptr);
  CHECK(backend->endpoint == "redis:6379");
  CHECK(backend->ca->path == "certs/redis/ca.pem");
  CHECK(backend->ca_certificates.size() == 1);
  CHECK(backend->password->secret.length == 13);
}

TEST_CASE("a file that its reader refuses is a refused consumer with no settings") {
  const TemporaryDirectory tree;
  tree.write("backend/go.mod", "require github.com/joho/godotenv v1.5.1\n");
  tree.write("backend/.env", "REDIS_TLS_ENABLED=\"true\nREDIS_HOST=h\n");
  const Evidence evidence = collected(tree);
  REQUIRE(evidence.consumers.size() == 1);
  CHECK(evidence.consumers[0].refused);
  CHECK(evidence.consumers[0].settings.empty());
}

TEST_CASE("places in source code are found with file and line") {
  const TemporaryDirectory tree;
  tree.write("worker/.env", "REDIS_URL=rediss://h\n");
  tree.write("worker/requirements.txt", "redis==4.3.4\n");
  tree.write("worker/app.py", "import redis\nr = redis.Redis(ssl=True, ssl_check_hostname=True)\n");
  tree.write("backend/redis.js",
             "const Redis = require('ioredis');\nnew Redis({tls: {rejectUnauthorized: false}});\n");
  const Evidence evidence = collected(tree);
  REQUIRE(evidence.artefacts.size() == 2);
  CHECK(evidence.artefacts[0].location == SourceLocation{"backend/redis.js", 2, 18});
  CHECK(evidence.artefacts[0].enabled);
  // Code about Redis that was searched and is clean.
  CHECK(evidence.artefacts[1].location.path == "worker/app.py");
  CHECK_FALSE(evidence.artefacts[1].enabled);
  CHECK(evidence.source_files_searched == 2);
  REQUIRE(evidence.consumers.size() == 1);
  CHECK(evidence.consumers[0].level == VerificationLevel::tls_verified);
}

TEST_CASE("configuration can hold a hit, and counts as no code") {
  const TemporaryDirectory tree;
  tree.write("config/cable.yml",
             "production:\n  adapter: redis\n  ssl_params:\n    verify_mode: VERIFY_NONE\n");
  tree.write("app.yml", "redis:\n  env: NODE_TLS_REJECT_UNAUTHORIZED=0\n");
  tree.write("docker-compose.yml", "services:\n  redis:\n    x: {rejectUnauthorized: false}\n");
  const Evidence evidence = collected(tree);
  CHECK(evidence.source_files_searched == 0);
  REQUIRE(evidence.artefacts.size() == 2);
  CHECK(evidence.artefacts[0].summary == "NODE_TLS_REJECT_UNAUTHORIZED set to 0");
  CHECK(evidence.artefacts[1].location == SourceLocation{"config/cable.yml", 4, 5});
}

TEST_CASE("a URL is judged by the rules of the client that gets it") {
  const TemporaryDirectory tree;
  tree.write("worker/.env",
             "CELERY_BROKER_URL=rediss://h\nCELERY_RESULT_BACKEND=rediss://h?ssl_cert_reqs=none\n");
  tree.write("worker/requirements.txt", "celery==5.2.6\nredis==4.3.4\n");
  // A workspace keeps its lock file at the root.
  tree.write("backend/package.json", R"({"dependencies":{"ioredis":"^5.0.0","dotenv":"16"}})");
  tree.write("yarn.lock", "ioredis@^5.0.0:\n  version \"5.3.2\"\n");
  tree.write("backend/.env", "REDIS_URL=REDISS://h\n");
  tree.write("cron/.env", "CELERY_RESULT_BACKEND=rediss://h\n");
  tree.write("cron/Pipfile.lock", R"({"default":{"celery":{"version":"==5.2.6"}}})");
  const Evidence evidence = collected(tree);
  const Consumer* worker = consumer(evidence, "worker@worker/.env");
  REQUIRE(worker != nullptr);
  CHECK(worker->level == VerificationLevel::tls_unverified);
  CHECK(worker->level_reason.find("accepts any certificate") != std::string::npos);
  CHECK_FALSE(worker->client_refuses);
  const Consumer* backend = consumer(evidence, "backend@backend/.env");
  REQUIRE(backend != nullptr);
  CHECK(backend->library == "ioredis 5.3.2");
  CHECK(backend->level == VerificationLevel::plaintext);
  const Consumer* cron = consumer(evidence, "cron@cron/.env");
  REQUIRE(cron != nullptr);
  REQUIRE(cron->client_refuses);
  CHECK(cron->client_refuses->find("cron/.env:1") != std::string::npos);
}

TEST_CASE("a comparison in the consumer's code is kept with what it makes of the value") {
  const TemporaryDirectory tree;
  tree.write("backend/.env", "REDIS_TLS_ENABLED=1\n");
  tree.write("backend/src/redis.js", "const on = process.env.REDIS_TLS_ENABLED === 'true';\n");
  const Evidence evidence = collected(tree);
  const Consumer* backend = consumer(evidence, "backend@backend/.env");
  REQUIRE(backend != nullptr);
  REQUIRE(backend->comparisons.size() == 1);
  CHECK(backend->comparisons[0].result == false);
  CHECK(backend->comparisons[0].location == SourceLocation{"backend/src/redis.js", 1, 12});
}

TEST_CASE("what is not searched in source code is said") {
  const TemporaryDirectory tree;
  tree.write("web/app.min.js", "redis({tls:{rejectUnauthorized:false}})\n");
  tree.write("web/big.js", std::string(1'200'000, 'x'));
  tree.write("web/long.js", std::string(30'000, 'y'));
  const Evidence evidence = collected(tree);
  CHECK(evidence.source_files_searched == 0);
  CHECK(evidence.artefacts.empty());
  REQUIRE(evidence.scope.notes.size() == 2);
  CHECK(evidence.scope.notes[0].detail.find("web/big.js") != std::string::npos);
  CHECK(evidence.scope.notes[1].detail.find("2 files of source code were not searched") !=
        std::string::npos);
}

TEST_CASE("what an image built here sets and holds reaches the consumer, with its place") {
  const TemporaryDirectory tree;
  const testing::Issued authority = testing::make_authority();
  tree.write("backend/Dockerfile",
             "FROM node:20\nENV NODE_TLS_REJECT_UNAUTHORIZED=0 NODE_ENV=development\n"
             "COPY ca.pem /tls/\n");
  tree.write("backend/ca.pem", authority.pem());
  tree.write("compose.yaml",
             "services:\n  backend:\n    build: backend\n    environment:\n"
             "      - NODE_ENV=production\n      - REDIS_URL=rediss://redis:6379\n"
             "      - NODE_EXTRA_CA_CERTS=/tls/ca.pem\n");
  ScanSettings settings;
  auto files = ProjectFiles::open(tree.path());
  REQUIRE(files);
  SecretVault vault;
  Evidence evidence;
  CollectContext context{settings, &*files, vault, {Need::project_files}};
  collect_compose(context, evidence);
  collect_consumers(context, evidence);
  REQUIRE(evidence.consumers.size() == 1);
  const Consumer& backend = evidence.consumers[0];
  const Setting* kill = backend.setting("NODE_TLS_REJECT_UNAUTHORIZED");
  REQUIRE(kill != nullptr);
  CHECK(kill->location.text() == "backend/Dockerfile:2:1");
  CHECK(backend.node_env->value == "production");
  CHECK(backend.url->location.text() == "compose.yaml:6:9");
  REQUIRE(backend.ca);
  CHECK(backend.ca->path == "backend/ca.pem");
  CHECK(backend.ca_certificates.size() == 1);
}

TEST_CASE("the switch against all verification is found where programs are started") {
  const TemporaryDirectory tree;
  tree.write("package.json",
             "{\"scripts\": {\"start\": \"NODE_TLS_REJECT_UNAUTHORIZED=0 node x.js\"}}\n");
  tree.write("x.js", "const Redis = require('ioredis');\nnew Redis(process.env.REDIS_URL);\n");
  const Evidence evidence = collected(tree);
  const auto found = std::ranges::find_if(evidence.artefacts, [](const Artefact& artefact) {
    return artefact.purpose == Purpose::verification_off && artefact.enabled;
  });
  REQUIRE(found != evidence.artefacts.end());
  CHECK(found->location.text() == "package.json:1:24");
  CHECK(evidence.source_files_searched == 1);
}
