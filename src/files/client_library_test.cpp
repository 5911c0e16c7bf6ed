#include "files/client_library.h"

#include <doctest/doctest.h>

using namespace rta;
using namespace rta::files;

namespace {
std::vector<ClientLibrary> in(const std::string& path, std::string_view text) {
  return client_libraries(as_bytes(text), path);
}
}  // namespace

TEST_CASE("clients are found in manifests and lock files") {
  const auto node =
      in("backend/package.json", R"({"dependencies":{"ioredis":"^5.3.2","express":"1"}})");
  REQUIRE(node.size() == 1);
  CHECK(node[0].name == "ioredis");
  CHECK(node[0].version == "5.3.2");
  CHECK_FALSE(node[0].exact);
  const auto lock =
      in("package-lock.json", R"({"packages":{"node_modules/redis":{"version":"4.6.7"}}})");
  REQUIRE(lock.size() == 1);
  CHECK(lock[0].name == "node-redis");
  CHECK(lock[0].exact);
  const auto python =
      in("worker/requirements.txt",
         "celery==5.2.6\nredis[hiredis]>=4.3.4,<5 ; python_version > '3'\nredislite==1\n");
  REQUIRE(python.size() == 2);
  CHECK(python[1].name == "redis-py");
  CHECK(python[1].version == "4.3.4");
  CHECK(python[1].location.line == 2);
  CHECK(in("pyproject.toml", "[tool.poetry.dependencies]\nredis = \"^5.0\"\n")[0].version == "5.0");
  CHECK(in("poetry.lock", "[[package]]\nname = \"redis\"\nversion = \"6.1.0\"\n")[0].exact);
  CHECK(in("go.mod", "require (\n\tgithub.com/redis/go-redis/v9 v9.5.1\n)\n")[0].version ==
        "9.5.1");
  CHECK(in("package.json", "[[[").empty());
  CHECK(in("README.md", "redis==1").empty());
}

TEST_CASE("manifests name the reader of env files") {
  const std::string_view text = R"({"dependencies":{"dotenv":"16"}})";
  CHECK(dotenv_reader_named(as_bytes(text), "a/package.json") == "node");
  CHECK(dotenv_reader_named(as_bytes("python-dotenv==0.21\n"), "requirements.txt") == "python");
  CHECK_FALSE(dotenv_reader_named(as_bytes("redis\n"), "requirements.txt"));
}
