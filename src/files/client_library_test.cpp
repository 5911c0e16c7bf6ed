#include "files/client_library.h"

#include <doctest/doctest.h>

using namespace rta;
using namespace rta::files;
using enum ClientVerdict;

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

TEST_CASE("versions compare by number") {
  CHECK(compare_versions("5.10", "5.9") > 0);
  CHECK(compare_versions("6", "6.0.0") == 0);
  CHECK(compare_versions("4.3.4", "6.0") < 0);
}

TEST_CASE("what each client makes of a URL or of options") {
  struct Row {
    std::string_view client, version, form;
    ClientVerdict verdict;
  };
  const std::vector<Row> rows{
      {"ioredis", "6.0.0", "redis://h", plaintext},
      {"ioredis", "6.0.0", "rediss://h", tls_verified},
      {"ioredis", "6.0.0", "REDISS://h", plaintext},
      {"ioredis", "6.0.0", "redis://h?tls=false", tls_verified},
      {"ioredis", "6.0.0", "{tls: 'false'}", tls_verified},
      {"ioredis", "6.0.0", "{tls: false}", plaintext},
      {"ioredis", "6.0.0", "{host: 'h', tls: {rejectUnauthorized: false}}", tls_unverified},
      {"ioredis", "6.0.0", "rediss://h {tls: {rejectUnauthorized: 'false'}}", tls_verified},
      {"ioredis", "6.0.0", "rediss://h {tls: {checkServerIdentity: () => undefined}}",
       tls_chain_only},
      {"ioredis", "6.0.0", "rediss://h?rejectUnauthorized=false", tls_verified},
      {"node-redis", "6.3.1", "REDISS://h", tls_verified},
      {"node-redis", "6.3.1", "redis://h?tls=true", plaintext},
      {"node-redis", "6.3.1", "{socket: {tls: true, ca: x}}", tls_verified},
      {"node-redis", "6.3.1", "{socket: {tls: 'true'}}", plaintext},
      {"node-redis", "6.3.1", "{tls: true}", plaintext},
      {"node-redis", "6.3.1", "redis://h {socket: {tls: true}}", client_refuses_config},
      {"node-redis", "6.3.1", "rediss://h {socket: {rejectUnauthorized: false}}", tls_unverified},
      {"redis-py", "4.3.4", "redis://h", plaintext},
      {"redis-py", "4.3.4", "rediss://h", tls_chain_only},
      {"redis-py", "6.1.0", "rediss://h", tls_verified},
      {"redis-py", "6.1.0", "rediss://h?ssl_check_hostname=no", tls_chain_only},
      {"redis-py", "4.3.4", "rediss://h?ssl_check_hostname=true", tls_verified},
      {"redis-py", "4.3.4", "rediss://h?ssl_cert_reqs=none", tls_unverified},
      {"redis-py", "4.3.4", "rediss://h?ssl_cert_reqs=CERT_NONE", client_refuses_config},
      {"redis-py", "4.3.4", "redis://h?ssl_cert_reqs=required", client_refuses_config},
      {"redis-py", "4.3.4", "redis://h?ssl=true", client_refuses_config},
      {"redis-py", "4.3.4", "Redis(ssl='false')", tls_chain_only},
      {"redis-py", "4.3.4", "Redis(ssl=True, ssl_cert_reqs=ssl.CERT_NONE)", tls_unverified},
      {"redis-py", "4.3.4", "Redis(ssl_ca_certs='x')", plaintext},
      {"kombu", "5.2.4", "rediss://h", tls_unverified},
      {"kombu", "5.2.4", "rediss://h?ssl_cert_reqs=CERT_REQUIRED&ssl_ca_certs=x", tls_chain_only},
      {"kombu", "5.2.4", "redis://h broker_use_ssl=True", plaintext},
      {"celery", "5.2.6", "rediss://h", client_refuses_config},
      {"celery", "5.2.6", "rediss://h?ssl_cert_reqs=required", tls_chain_only},
      {"celery", "5.2.6", "rediss://h?ssl_cert_reqs=CERT_NONE", tls_unverified},
      {"celery", "5.2.6", "redis://h redis_backend_use_ssl={'ssl_cert_reqs': 'required'}",
       client_refuses_config},
      {"go-redis", "9.5.1", "rediss://h?skip_verify=true", tls_unverified},
      {"go-redis", "9.5.1", "rediss://h", tls_verified},
      {"redis-cli", "7.0.15", "--tls --cacert x", tls_chain_only},
      {"mystery", "1", "rediss://h", unknown}};
  for (const Row& row : rows) {
    INFO(row.client, " ", row.form);
    CHECK(name_of(judge_client(row.client, row.version, row.form)) == name_of(row.verdict));
  }
}

TEST_CASE("NODE_TLS_REJECT_UNAUTHORIZED is a kill switch only as exactly 0") {
  CHECK(judge_client("ioredis", "6", "rediss://h", {{"NODE_TLS_REJECT_UNAUTHORIZED", "0"}}) ==
        tls_unverified);
  CHECK(judge_client("ioredis", "6", "rediss://h", {{"NODE_TLS_REJECT_UNAUTHORIZED", "false"}}) ==
        tls_verified);
}
