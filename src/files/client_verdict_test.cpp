#include "files/client_verdict.h"

#include <doctest/doctest.h>

using namespace rta;
using namespace rta::files;
using enum ClientVerdict;

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
