#include "files/clients/client_library.h"

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

namespace {
std::string one(const std::string& path, std::string_view text) {
  std::string all;
  for (const ClientLibrary& library : in(path, text))
    all += (all.empty() ? "" : "; ") + library.name + (library.exact ? " " : " >=") +
           library.version + " line " + std::to_string(library.location.line);
  return all;
}
}  // namespace

TEST_CASE("lock files of npm, yarn and pnpm, old and new, name the installed version") {
  CHECK(one("package-lock.json",
            "{\"lockfileVersion\": 1, \"dependencies\": {\n\"ioredis\": {\"version\": \"5.3.2\", "
            "\"dependencies\": {\"redis\": {\"version\": \"1.0.0\"}}}}}") ==
        "ioredis 5.3.2 line 2");
  CHECK(one("npm-shrinkwrap.json",
            "{\"packages\": {\"\": {\"dependencies\": {\"redis\": \"^4\"}},\n"
            "\"node_modules/redis\": {\"version\": \"4.7.1\"},\n"
            "\"node_modules/@redis/client\": {\"version\": \"1.6.1\"},\n"
            "\"node_modules/bull/node_modules/ioredis\": {\"version\": \"4.1.0\"}}}") ==
        "node-redis 4.7.1 line 2");
  CHECK(one("package-lock.json",
            "{\"packages\": {\"apps/a/node_modules/redis\": {\"name\": \"ioredis\", \"version\": "
            "\"5.0.1\"}}}") == "ioredis 5.0.1 line 1");
  CHECK(
      one("yarn.lock",
          "# yarn lockfile v1\n\nioredis@^5.0.0, ioredis@^5.3.2:\n  version \"5.3.2\"\n"
          "  dependencies:\n    redis \"^1\"\n\n\"@redis/client@1.5.8\":\n  version \"1.5.8\"\n") ==
      "ioredis 5.3.2 line 4; node-redis 4 line 9");
  CHECK(one("yarn.lock",
            "__metadata:\n  version: 8\n\n\"ioredis@npm:^5.3.2\":\n  version: 5.3.2\n"
            "\"cache@npm:redis@^4.6.7\":\n  version: 4.6.7\n") ==
        "ioredis 5.3.2 line 5; node-redis 4.6.7 line 7");
  CHECK(one("pnpm-lock.yaml",
            "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      ioredis:\n"
            "packages:\n  '@redis/client@1.5.8':\n    a: b\n  ioredis@5.3.2:\n    a: b\n"
            "  redis@4.6.7(x@1):\n") == "ioredis 5.3.2 line 9; node-redis 4.6.7 line 11");
  CHECK(one("pnpm-lock.yaml", "packages:\n\n  /ioredis/4.28.5:\n    x: y\n") ==
        "ioredis 4.28.5 line 3");
  CHECK(one("pnpm-lock.yaml", "packages:\n\n  /ioredis@5.0.0:\n    x: y\n") ==
        "ioredis 5.0.0 line 3");
}

TEST_CASE("an alias in package.json is the package behind it, and a range is no version") {
  CHECK(one("package.json", R"({"dependencies":{"redis":"npm:ioredis@5.4.0"}})") ==
        "ioredis 5.4.0 line 1");
  CHECK(one("package.json", R"({"dependencies":{"redis":"4.x"},"devDependencies":{"bull":"1"}})") ==
        "node-redis >=4 line 1");
  CHECK(one("package.json", R"({"dependencies":{"@upstash/redis":"1.2.3"}})") ==
        "@upstash/redis 1.2.3 line 1");
}

TEST_CASE("Python's manifests and locks") {
  CHECK(one("Pipfile.lock",
            "{\"_meta\": {}, \"default\": {\"redis\": {\"hashes\": [], \"version\": \"==4.3.4\"}}, "
            "\"develop\": {\"celery\": {\"version\": \"==1.0\"}}}") == "redis-py 4.3.4 line 1");
  CHECK(one("uv.lock", "version = 1\n[[package]]\nname = \"redis\"\nversion = \"6.2.0\"\n") ==
        "redis-py 6.2.0 line 4");
  CHECK(one("pyproject.toml",
            "[project]\ndependencies = [\"redis>=5.0,<6\", 'Celery[redis]==5.3.1']\n"
            "[dependency-groups]\ndev = [\"rq==1\"]\n[tool.poetry.group.dev.dependencies]\nkombu = "
            "\"1\"\n") == "redis-py >=5.0 line 2; celery 5.3.1 line 2");
  CHECK(one("worker/requirements/base.txt", "redis===4.3.4 \\\n  --hash=sha256:aa\n") ==
        "redis-py 4.3.4 line 1");
  CHECK(one("requirements.txt", "redis<5\nredis-py-cluster==2\n# redis==1\nredis==5.*\n") ==
        "redis-py >= line 1; redis-py >=5 line 4");
  CHECK(one("requirements.txt", "-e git+https://x#egg=redis\nredis @ https://x/redis-9.zip\n") ==
        "redis-py >= line 2");
}

TEST_CASE("Go, Java and .NET name their clients too") {
  CHECK(one("go.mod",
            "require github.com/go-redis/redis/v8 v8.11.5\n"
            "require github.com/redis/rueidis v1.0.1 // indirect\n"
            "// github.com/redis/go-redis/v9 v9.0.0\n") == "go-redis 8.11.5 line 1");
  CHECK(one("go.sum",
            "github.com/redis/go-redis/v9 v9.0.1/go.mod h1:x=\n"
            "github.com/redis/go-redis/v9 v9.5.1 h1:y=\n"
            "github.com/redis/go-redis/v9 v9.4.0 h1:z=\n") == "go-redis 9.5.1 line 2");
  CHECK(one("pom.xml",
            "<project><properties><jedis.version>5.1.0</jedis.version></properties>\n"
            "<!-- <dependency><artifactId>lettuce-core</artifactId></dependency> -->\n"
            "<dependency>\n<artifactId>jedis</artifactId>\n<version>${jedis.version}</version>\n"
            "</dependency><dependency><artifactId>spring-boot-starter-data-redis</artifactId>"
            "</dependency></project>") == "jedis 5.1.0 line 4; spring >= line 6");
  CHECK(one("app/build.gradle",
            "implementation 'io.lettuce:lettuce-core:6.3.2.RELEASE'\n"
            "// implementation 'redis.clients:jedis:1'\n"
            "testImplementation 'redis.clients:jedis:1'\n") == "lettuce 6.3.2 line 1");
  CHECK(one("build.gradle.kts", "implementation(\"redis.clients:jedis:5.+\")\n") ==
        "jedis >=5 line 1");
  CHECK(one("a/App.csproj",
            "<ItemGroup>\n<PackageReference Include=\"StackExchange.Redis\" Version=\"2.7.10\" />\n"
            "</ItemGroup>") == "StackExchange.Redis 2.7.10 line 2");
  CHECK(one("packages.lock.json",
            "{\"version\":1,\"dependencies\":{\"net8.0\":{\"StackExchange.Redis\":{\"type\":"
            "\"Direct\",\"resolved\":\"2.7.17\"}}}}") == "StackExchange.Redis 2.7.17 line 1");
}

TEST_CASE("any cut of a manifest is read without harm") {
  const std::vector<std::pair<std::string, std::string_view>> wholes{
      {"package-lock.json", R"({"packages":{"node_modules/redis":{"version":"4.6.7"}}})"},
      {"yarn.lock", "\"redis@npm:ioredis@^5\":\n  version: 5.3.2\n"},
      {"pnpm-lock.yaml", "packages:\n  '/@redis/client@1.5.8(a@1)':\n"},
      {"Pipfile.lock", R"({"default":{"redis":{"version":"==4.3.4"}}})"},
      {"requirements.txt", "redis[hiredis]>=4.3.4,<5 ; python_version > '3'"},
      {"pom.xml", "<!-- --><dependency><artifactId>jedis</artifactId><version>${a}</version>"},
      {"a.csproj", "<PackageReference Include=\"StackExchange.Redis\" Version=\"2.7.10\" />"},
      {"go.sum", "github.com/redis/go-redis/v9 v9.5.1 h1:y="},
      {"build.gradle", "implementation 'io.lettuce:lettuce-core:6.3.2'"}};
  for (const auto& [path, whole] : wholes)
    for (std::size_t size = 0; size <= whole.size(); ++size)
      CHECK(in(path, whole.substr(0, size)).size() <= 2);
  CHECK(in("package-lock.json", std::string(100'000, '[')).empty());
  CHECK(in("package-lock.json", "{\"packages\":" + std::string(100'000, '{')).empty());
}
