#include "files/clients/client_verdict.h"

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

// Spellings of the same thing, as programs, guides and recorded cases have them.
TEST_CASE("a form may be a call, an object, keyword arguments, JSON or a command line") {
  struct Row {
    std::string_view client, version, form;
    ClientVerdict verdict;
  };
  const std::vector<Row> rows{
      {"ioredis", "6.0.0", "{tls:{}}", tls_verified},
      {"ioredis", "6.0.0", "{\"tls\":{\"rejectUnauthorized\":false}}", tls_unverified},
      {"ioredis", "6.0.0", "{'tls': {'rejectUnauthorized': False}}", tls_unverified},
      {"ioredis", "6.0.0", "new Redis('rediss://h:6379')", tls_verified},
      {"ioredis", "6.0.0",
       "new Redis({ host: 'h', port: 6379, tls: { ca: fs.readFileSync('a') } })", tls_verified},
      {"ioredis", "6.0.0", "const r = new Redis(6379, 'h', { tls: {} });", tls_verified},
      {"ioredis", "6.0.0", "redis://h:6379 + {tls:{ca}}", tls_verified},
      {"ioredis", "6.0.0", "rediss://h:6379, {tls: {rejectUnauthorized: !1}}", tls_unverified},
      {"ioredis", "6.0.0", "rediss://h:6379 tls={rejectUnauthorized:false}", tls_unverified},
      {"ioredis", "6.0.0", "rediss://h {tls: false}", plaintext},
      {"ioredis", "6.0.0", "rediss://h {tls: undefined}", tls_verified},
      {"ioredis", "6.0.0", "rediss://h?tls=", plaintext},
      {"ioredis", "6.0.0", "{tls:undefined}", plaintext},
      {"ioredis", "6.0.0", "localhost:6379", plaintext},
      {"ioredis", "6.0.0", "localhost:6379?tls=true", tls_verified},
      {"ioredis", "6.0.0", "//localhost:6379", plaintext},
      {"ioredis", "6.0.0", "{tls:{servername:'other.example'}}", tls_verified_other_name},
      {"ioredis", "6.0.0", "{host:'h', tls:{servername:'h'}}", tls_verified},
      {"ioredis", "6.0.0", "{host:'127.0.0.1', tls:{servername:'localhost'}}", tls_verified},
      {"ioredis", "6.0.0", "{tls: process.env.X === 'true' ? {} : undefined}", unknown},
      {"ioredis", "6.0.0", "{tls: {rejectUnauthorized: isProduction}}", unknown},
      {"bullmq", "5", "{connection: {host: 'h', tls: {rejectUnauthorized: false}}}",
       tls_unverified},
      {"bullmq", "5", "new Queue('q', { connection: { url: 'rediss://h:1' } })", tls_verified},
      {"node-redis", "6.3.1", "createClient({url: 'rediss://h'})", tls_verified},
      {"node-redis", "6.3.1", "createClient('rediss://h')", plaintext},
      {"node-redis", "6.3.1", "{\"url\":\"rediss://h\",\"socket\":{\"tls\":true}}", tls_verified},
      {"node-redis", "6.3.1", "rediss://h {socket: {tls: 'true'}}", client_refuses_config},
      {"node-redis", "6.3.1", "redis://h, {socket:{tls:true}}", client_refuses_config},
      {"node-redis", "4.7.1", "redis://h, {socket:{tls:true}}", tls_verified},
      {"node-redis", "6.3.1", "{socket:{tls:1}}", plaintext},
      {"node-redis", "6.3.1", "socket:{tls:true,rejectUnauthorized:false}", tls_unverified},
      {"node-redis", "6.3.1", "{socket:{ca}}", plaintext},
      {"node-redis", "6.3.1", "{url:'redis://h', tls:true}", plaintext},
      {"redis-py", "4.3.4", "Redis(ssl=True, ssl_cert_reqs='none')", tls_unverified},
      {"redis-py", "4.3.4", "redis.Redis(host='h', ssl=True)", tls_chain_only},
      {"redis-py", "6.1.0", "redis.Redis(host='h', ssl=True)", tls_verified},
      {"redis-py", "4.3.4", "ssl=True, ssl_cert_reqs=None", tls_unverified},
      {"redis-py", "4.3.4", "ssl=True ssl_check_hostname=True", tls_verified},
      {"redis-py", "4.3.4", "{'ssl': True, 'ssl_cert_reqs': 'optional'}", tls_chain_only},
      {"redis-py", "4.3.4", "{\"ssl\": true, \"ssl_cert_reqs\": null}", tls_unverified},
      {"redis-py", "4.3.4", "ssl_ca_certs='ca.pem'", plaintext},
      {"redis-py", "4.3.4", "Redis.from_url('rediss://h', ssl_cert_reqs=None)", tls_unverified},
      {"redis-py", "4.3.4", "from_url(\"rediss://h:1/0\", ssl_cert_reqs=ssl.CERT_NONE)",
       tls_unverified},
      {"redis-py", "4.3.4", "rediss://h ssl_check_hostname=True", tls_verified},
      {"redis-py", "4.3.4", "Redis(ssl=True, ssl_cert_reqs='none', ssl_check_hostname=True)",
       client_refuses_config},
      {"redis-py", "6.0.0", "Redis(ssl=True, ssl_cert_reqs='none', ssl_check_hostname=True)",
       tls_unverified},
      {"redis-py", "4.3.4", "Redis(**options)", unknown},
      {"redis-py", "4.3.4", "rediss://h?ssl_ca_certs=/a/ca.pem", tls_chain_only},
      {"redis-py", "4.3.4", "rediss://h?ssl_cert_reqs=none&ssl_cert_reqs=required", tls_unverified},
      {"redis-py", "4.3.4", "REDISS://h", tls_chain_only},
      {"redis-py", "6.0.0", "REDISS://h", client_refuses_config},
      {"kombu", "5.2.4", "rediss://h broker_use_ssl={'ssl_cert_reqs': ssl.CERT_REQUIRED}",
       tls_chain_only},
      {"kombu", "5.2.4", "redis://h, broker_use_ssl={'ssl_cert_reqs': ssl.CERT_NONE}",
       tls_unverified},
      {"kombu", "5.2.4", "redis://h + broker_use_ssl=True", plaintext},
      {"kombu", "5.2.4", "rediss://h broker_use_ssl=True", plaintext},
      {"kombu", "5.2.4", "Connection('rediss://h', ssl={'ssl_cert_reqs': ssl.CERT_REQUIRED})",
       tls_chain_only},
      {"kombu", "5.2.4", "rediss://h?ssl_cert_reqs=required", tls_chain_only},
      {"kombu", "5.2.4", "rediss://h?ssl_cert_reqs=NONE&ssl_cert_reqs=none", tls_unverified},
      {"celery", "5.2.6", "rediss://h?ssl_cert_reqs=optional", tls_chain_only},
      {"celery", "5.2.6", "rediss://h redis_backend_use_ssl={'ssl_cert_reqs': ssl.CERT_NONE}",
       tls_unverified},
      {"celery", "5.2.6", "Celery('a', backend='rediss://h?ssl_cert_reqs=none')", tls_unverified},
      {"celery", "5.2.6", "result_backend='rediss://h'", client_refuses_config},
      {"go-redis", "9", "&redis.Options{Addr: \"h:1\", TLSConfig: &tls.Config{}}", tls_verified},
      {"go-redis", "9", "redis.Options{TLSConfig: &tls.Config{InsecureSkipVerify: true}}",
       tls_unverified},
      {"go-redis", "9", "redis.NewClient(&redis.Options{Addr: \"h:1\", TLSConfig: nil})",
       plaintext},
      {"go-redis", "9", "redis://h?skip_verify=true", client_refuses_config},
      {"go-redis", "9", "REDISS://h", tls_verified},
      {"StackExchange.Redis", "2.8", "h:6380,ssl=true,password=x,abortConnect=False", tls_verified},
      {"StackExchange.Redis", "2.8", "h:6379,password=x", plaintext},
      {"StackExchange.Redis", "2.8", "h:6380,ssl=True,sslHost=other", tls_verified_other_name},
      {"StackExchange.Redis", "2.8",
       "h:6380,ssl=true; options.CertificateValidation += (s, c, ch, e) => true;", tls_unverified},
      {"lettuce", "6", "rediss://h?verifyPeer=NONE", tls_unverified},
      {"lettuce", "6", "rediss://h?verifyPeer=CA", tls_chain_only},
      {"lettuce", "6", "RedisURI.builder().withHost(\"h\").withSsl(true).withVerifyPeer(false)",
       tls_unverified},
      {"lettuce", "6", "rediss://h", tls_verified},
      {"spring", "3", "spring.data.redis.ssl.enabled=true", tls_verified},
      {"spring", "3", "spring.data.redis.host=h", plaintext},
      {"spring", "2", "spring.redis.ssl=true", tls_verified},
      {"jedis", "5", "rediss://h:6379", tls_chain_only},
      {"jedis", "5", "new Jedis(\"h\", 6379, true)", tls_chain_only},
      {"jedis", "5", "redis://h:6379", plaintext},
      {"redis-cli", "7.0.15", "redis-cli -h h --tls --insecure", tls_unverified},
      {"redis-cli", "7.0.15", "redis-cli -u rediss://h:6379 --cacert ca.pem", tls_chain_only},
      {"redis-cli", "7.0.15", "-h h -p 6379", plaintext},
  };
  for (const Row& row : rows) {
    INFO(row.client, " ", row.version, " ", row.form);
    const ClientJudgement judged =
        judge_client_use({std::string{row.client}, std::string{row.version}, ""}, row.form);
    INFO(judged.why);
    CHECK(name_of(judged.verdict) == name_of(row.verdict));
  }
}

TEST_CASE("Celery checks names where redis-py 6 stands below it") {
  CHECK(judge_client_use({"kombu", "5.5", "6.1.0"}, "rediss://h?ssl_cert_reqs=required").verdict ==
        tls_verified);
  CHECK(judge_client_use({"celery", "5.5", "5.0.1"}, "rediss://h?ssl_cert_reqs=required").verdict ==
        tls_chain_only);
}

TEST_CASE("any cut of a form is judged without harm") {
  const std::string_view whole =
      "new Redis('rediss://u:p@h:1/0?tls=x', {tls: {a: [1, `x`], c: (h) => ({}), d() {}}, "
      "'k\\'': dict(a=b''), &tls.Config{A: true}}) --tls";
  for (const char* client : {"ioredis", "node-redis", "redis-py", "kombu", "celery", "go-redis",
                             "stackexchange.redis", "lettuce", "jedis", "redis-cli", "spring"})
    for (std::size_t size = 0; size <= whole.size(); ++size)
      (void)judge_client(client, "4.3.4", whole.substr(0, size));
  const std::string deep(60'000, '{');
  CHECK(judge_client("ioredis", "6", deep) != tls_verified);
  CHECK(judge_client("ioredis", "6", std::string(60'000, '(')) != tls_verified);
}
