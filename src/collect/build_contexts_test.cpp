#include <doctest/doctest.h>

#include "base/text.h"
#include "collect/collectors.h"
#include "tests/support/git_fixture.h"
#include "x509/issue.h"

using namespace rta;
using rta::testing::GitFixture;

namespace {

std::vector<Artefact> contexts(const GitFixture& tree, Evidence evidence = {}) {
  const ProjectFiles files = *ProjectFiles::open(tree.root(), {});
  const ScanSettings settings;
  SecretVault vault;
  CollectContext context{settings, &files, vault, {}, [](const std::string&) {}};
  collect_build_contexts(context, evidence);
  return evidence.artefacts;
}

}  // namespace

TEST_CASE("a context that is copied whole names what gets in, and what may come") {
  const GitFixture tree{false};
  tree.write("Dockerfile", "FROM x\nCOPY . /app\n");
  tree.write("certs/redis/ca-key.pem", "x");
  tree.write(".env", "A=1\n");
  tree.write(".dockerignore", ".git\n*.key\n");
  const std::vector<Artefact> found = contexts(tree);
  REQUIRE(found.size() == 1);
  CHECK(found[0].purpose == Purpose::build_context);
  CHECK(found[0].location.text() == "Dockerfile:2:1");
  CHECK(join(found[0].problems, "; ") ==
        ".env gets into the image; certs/redis/ca-key.pem gets into the image; "
        "certs/redis/ca-key.pem, x.pem, .env would get in: not in .dockerignore");
}

TEST_CASE("a context that is filtered, and copies of named files, are no problem") {
  const GitFixture tree{false};
  tree.write("Dockerfile", "FROM x\nCOPY . /app\n");
  tree.write(".dockerignore", "certs\n**/*.pem\n**/*.key\n**/.env*\n");
  tree.write("certs/ca.pem", "x");
  tree.write("backend/.env", "A=1\n");
  tree.write("backend/Dockerfile", "FROM x\nCOPY package.json ca.pem ./\nCOPY src/ src/\n");
  tree.write("backend/ca.pem", "a certificate, not a key");
  for (const Artefact& artefact : contexts(tree)) {
    INFO(artefact.location.path);
    CHECK(join(artefact.problems, "; ").empty());
  }
}

TEST_CASE("a key that is copied by name or with its folder is a problem") {
  const GitFixture tree{false};
  const std::string key{x509::PrivateKey::make_ec()->pem().expose()};
  tree.write("web/Dockerfile", "FROM x\nADD certs /certs\n");
  tree.write("web/certs/server.pem", key);
  const std::vector<Artefact> found = contexts(tree);
  REQUIRE(found.size() == 1);
  CHECK(found[0].problems == std::vector<std::string>{"web/certs/server.pem gets into the image"});
}

TEST_CASE("compose decides the context, and a file of the Dockerfile's name goes first") {
  const GitFixture tree{false};
  tree.write("docker/api.Dockerfile", "FROM x\nCOPY . .\n");
  tree.write("docker/api.Dockerfile.dockerignore", "**/*.pem\n**/*.key\n**/.env\ncerts\n");
  tree.write(".dockerignore", "nothing\n");
  tree.write("deep/k.pem", "x");
  Evidence evidence;
  ComposeProject project;
  ComposeService& service = project.services.emplace_back();
  service.name = "api";
  service.build_context = tree.root();
  service.build_file = "docker/api.Dockerfile";
  evidence.compose = std::move(project);
  const std::vector<Artefact> found = contexts(tree, std::move(evidence));
  REQUIRE(found.size() == 1);
  CHECK(found[0].summary.contains("context ."));
  CHECK(found[0].summary.contains("docker/api.Dockerfile.dockerignore"));
  CHECK(found[0].problems.empty());
}

TEST_CASE("a folder of keys that the checkout does not hold gets in all the same") {
  const GitFixture tree{false};
  tree.write("Dockerfile",
             "FROM redis:7\nCOPY certs/ /tls/\nCOPY src/ /src/\nCOPY ca.pem k.key /x/\n");
  CHECK(join(contexts(tree).at(0).problems, "; ") ==
        "certs (line 2) gets into the image, with the keys in it; "
        "k.key (line 4) gets into the image, with the keys in it");
  tree.write(".dockerignore", "certs\n**/*.key\n");
  CHECK(contexts(tree).at(0).problems.empty());
  tree.write(".dockerignore", "**/*.key\n");
  CHECK(contexts(tree).at(0).problems.empty());
}
