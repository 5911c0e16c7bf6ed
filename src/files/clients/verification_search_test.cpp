#include "files/clients/verification_search.h"

#include <doctest/doctest.h>

#include "files/clients/source_kind.h"
#include "files/clients/source_lines.h"

using namespace rta;
using namespace rta::files;

namespace {

std::vector<VerificationHit> hits(std::string_view text, std::string_view path) {
  return search_verification(as_bytes(text), path).hits;
}

// "2:14 rejectUnauthorized: false?" with ? for a condition.
std::string told(std::string_view text, std::string_view path) {
  std::string all;
  for (const VerificationHit& hit : hits(text, path))
    all += (all.empty() ? "" : "; ") + std::to_string(hit.line) + ":" + std::to_string(hit.column) +
           " " + hit.pattern + (hit.conditional ? "?" : "");
  return all;
}

}  // namespace

TEST_CASE("near misses are no hits") {
  struct Row {
    std::string_view path, text;
  };
  for (const Row& row : std::vector<Row>{
           {"a.ts", "// redis: rejectUnauthorized: false\n"},
           {"a.ts", "/* redis\n rejectUnauthorized: false */\n"},
           {"a.py", "# redis ssl_cert_reqs=None\n"},
           {"a.py", "\"\"\"redis\nssl_cert_reqs=None\n\"\"\"\n"},
           {"a.py", "x = '''redis\nssl_cert_reqs=None\n'''\n"},
           {"mail.js", "smtp({ tls: { rejectUnauthorized: false } })\n"},
           {"a.js", "redis({ tls: { rejectUnauthorized: true } })\n"},
           {"a.js", "redis({ tls: { rejectUnauthorized: 'false' } })\n"},
           {"a.js", "redis.setting = opts.rejectUnauthorized === false\n"},
           {"a.js", "if (process.env.NODE_TLS_REJECT_UNAUTHORIZED === '0') warn()\n"},
           {"a.js", "process.env.NODE_TLS_REJECT_UNAUTHORIZED = '1'\n"},
           {"a.js", "delete process.env.NODE_TLS_REJECT_UNAUTHORIZED\n"},
           {"a.js", "throw new Error('redis: rejectUnauthorized: false is forbidden')\n"},
           {"a.js", "redis({ tls: { checkServerIdentity: tls.checkServerIdentity } })\n"},
           {"a.py", "parser.add_argument('--reqs', help='redis: ssl_cert_reqs=None is bad')\n"},
           {"a.py", "redis.Redis(ssl_cert_reqs='required')\n"},
           {"a.py", "raise ValueError(f\"never use ssl_cert_reqs=none with redis\")\n"},
           {"a.py", "redis.Redis(ssl_check_hostname=True)\n"},
           {"a.go", "// redis\nTLSConfig: &tls.Config{InsecureSkipVerify: false}\n"},
           {"a.sh", "echo \"never run redis-cli --insecure\"\n"},
           {"a.sh", "# redis-cli --tls --insecure PING\n"},
           {"a.js", "const help = 'see https://x/docs?ssl_cert_reqs=none'\n"},
           {"A.cs", "// redis\nif (a == CertificateValidationMode) {}\n"}}) {
    INFO(row.path, " ", row.text);
    CHECK(told(row.text, row.path).empty());
  }
}

TEST_CASE("verification switched off beside Redis is found with line and column") {
  CHECK(told("const Redis = require('ioredis');\nnew Redis({ tls: { rejectUnauthorized : false } "
             "});\n",
             "a.js") == "2:20 rejectUnauthorized: false");
  CHECK(told("redis({ socket: { 'rejectUnauthorized': false } })\n", "a.js") ==
        "1:20 rejectUnauthorized: false");
  CHECK(told("redis({tls:{rejectUnauthorized:!1}})\n", "a.js") == "1:13 rejectUnauthorized: false");
  CHECK(told("redis({ tls: { checkServerIdentity: () => undefined } })\n", "a.js") ==
        "1:16 checkServerIdentity override");
  CHECK(told("redis.tls.checkServerIdentity = (host, cert) => {\n  return undefined;\n}\n",
             "a.js") == "1:11 checkServerIdentity override");
  CHECK(told("process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';\n", "a.js") ==
        "1:13 NODE_TLS_REJECT_UNAUTHORIZED set to 0");
  CHECK(told("process.env[\"NODE_TLS_REJECT_UNAUTHORIZED\"] = 0\n", "a.js") ==
        "1:14 NODE_TLS_REJECT_UNAUTHORIZED set to 0");
  CHECK(told("export NODE_TLS_REJECT_UNAUTHORIZED=0\n", "a.sh") ==
        "1:8 NODE_TLS_REJECT_UNAUTHORIZED set to 0");
  CHECK(told("r = redis.Redis(ssl=True, ssl_cert_reqs=None)\n", "w.py") ==
        "1:27 ssl_cert_reqs none");
  CHECK(told("o = {\"ssl_cert_reqs\": ssl.CERT_NONE}\n", "w.py") == "1:7 ssl_cert_reqs none");
  CHECK(told("Redis(ssl_cert_reqs=\"none\")\n", "w.py") == "1:7 ssl_cert_reqs none");
  CHECK(told("u = 'rediss://h:1/0?ssl_cert_reqs=none'\n", "w.py") ==
        "1:5 ssl_cert_reqs=none in a URL");
  CHECK(told("import redis\nctx.check_hostname = False\nctx.verify_mode = ssl.CERT_NONE\n",
             "w.py") == "2:5 check_hostname = False; 3:5 verify_mode without verification");
  CHECK(told("redis.Redis(ssl_context=ssl._create_unverified_context())\n", "w.py") ==
        "1:29 _create_unverified_context");
  CHECK(told("import \"github.com/redis/go-redis/v9\"\nc := redis.Options{TLSConfig: "
             "&tls.Config{InsecureSkipVerify: true}}\n",
             "a.go") == "2:43 InsecureSkipVerify: true");
  CHECK(told("Redis.new(ssl_params: { verify_mode: OpenSSL::SSL::VERIFY_NONE })\n", "a.rb") ==
        "1:25 verify_mode without verification");
  CHECK(told("// StackExchange\nredis.CertificateValidation += (s, c, ch, e) => true;\n", "A.cs") ==
        "2:7 CertificateValidation callback");
  CHECK(told("redis.CertificateValidation += Check;\n", "A.cs") ==
        "1:7 CertificateValidation callback?");
  CHECK(told("RedisURI u;\nu.setVerifyPeer(false);\n", "A.java") == "2:3 setVerifyPeer(false");
  CHECK(told("class T implements X509TrustManager { Jedis redis;\n public void "
             "checkServerTrusted(X[] c, String a) {\n }\n}\n",
             "A.java") == "2:14 an empty checkServerTrusted()");
  CHECK(told("redis-cli --tls --insecure PING\n", "check.sh") == "1:1 redis-cli --insecure");
  CHECK(told("subprocess.run(['redis-cli', '--tls', '--insecure'])\n", "a.py") ==
        "1:18 redis-cli --insecure");
  CHECK(told("exec(\"redis-cli --tls --insecure PING\")\n", "a.js") == "1:6 redis-cli --insecure");
  CHECK(told("$r = new Redis(['ssl' => ['verify_peer' => false]]);\n", "a.php") ==
        "1:28 verify_peer false");
}

TEST_CASE("what other languages and applications' configuration write is found") {
  CHECK(told("Redix.start_link(host: h, ssl: true, socket_opts: [verify: :verify_none])\n",
             "a.ex") == "1:52 verify: :verify_none");
  CHECK(told("config :app, Redix,\n  # verify: :verify_none\n  ssl: true\n", "a.exs").empty());
  CHECK(told("# Redis\nConnectionAddr::TcpTls { host, port, insecure: true }\n", "a.rs") ==
        "2:38 insecure: true");
  CHECK(told("RedissonClient "
             "c;\nconfig.useSingleServer().setSslEnableEndpointIdentification(false);\n",
             "A.java") == "2:32 EnableEndpointIdentification(false");
  CHECK(told("import "
             "io.lettuce.core.RedisURI;\nb.trustManager(InsecureTrustManagerFactory.INSTANCE);\n",
             "A.java") == "2:16 InsecureTrustManagerFactory");
  CHECK(told("['redis' => ['ssl' => ['allow_self_signed' => true]]]\n", "a.php") ==
        "1:25 allow_self_signed true");

  const char* cable =
      "production:\n  adapter: redis\n  url: <%= ENV['REDIS_URL'] %>\n  ssl_params:\n"
      "    verify_mode: <%= OpenSSL::SSL::VERIFY_NONE %>\n";
  CHECK(told(cable, "config/cable.yml") == "5:5 verify_mode without verification");
  CHECK(told("development:\n  adapter: redis\n  ssl_params:\n    verify_mode: VERIFY_NONE\n",
             "config/cable.yml") == "4:5 verify_mode without verification?");
  CHECK(told("spring.data.redis.url=rediss://h:6379?verifyPeer=NONE\n", "application.properties") ==
        "1:39 verifyPeer=NONE in a URL");
  CHECK(told("spring:\n  data:\n    redis:\n      url: rediss://h:6379?verifyPeer=NONE\n",
             "application-dev.yml") == "4:28 verifyPeer=NONE in a URL?");
  CHECK(told("redisson:\n  sslVerificationMode: NONE\n", "redisson.yaml") ==
        "2:3 sslVerificationMode: NONE");
  CHECK(told("redisson:\n  sslVerificationMode: CA_ONLY\n", "redisson.yaml").empty());
  CHECK(told("{\"redis\": {\"tls\": {\"rejectUnauthorized\": false}}}\n", "config/default.json") ==
        "1:21 rejectUnauthorized: false");
  CHECK(told("celery:\n  broker_use_ssl:\n    ssl_cert_reqs: none\n", "settings.yaml") ==
        "3:5 ssl_cert_reqs none");
  // Nothing of Redis', or of another's verification.
  CHECK(told("smtp:\n  tls:\n    rejectUnauthorized: false\n", "a.yml").empty());
  CHECK(told("receivers:\n  redis: {}\nexporters:\n  otlp:\n    tls:\n      insecure: true\n",
             "otel.yaml")
            .empty());
  CHECK(told("# redis\n# rejectUnauthorized: false\nredis: 1\n", "a.yml").empty());
}

TEST_CASE("a value that code gives is open, and a type is none") {
  for (const char* open : {"redis({ tls: { rejectUnauthorized: verify } })\n",
                           "redis({ tls: { rejectUnauthorized: config.get('verify') } })\n",
                           "redis({ tls: { rejectUnauthorized: !skip } })\n"})
    CHECK_MESSAGE(told(open, "a.js").ends_with("rejectUnauthorized: false?"), open);
  CHECK(told("redis.Redis(ssl_cert_reqs=reqs)\n", "a.py") == "1:13 ssl_cert_reqs none?");
  for (const char* none : {"interface RedisTls { rejectUnauthorized: boolean }\n",
                           "type RedisTls = { rejectUnauthorized: false | true }\n"})
    CHECK_MESSAGE(told(none, "a.ts").empty(), none);
  CHECK(told("import redis\ndef connect(ssl_cert_reqs=None):\n  pass\n", "a.py").empty());
  CHECK(told("redis:\n  tls: {rejectUnauthorized: no}\n", "a.yml") ==
        "2:9 rejectUnauthorized: false");
  CHECK(told("redis:\n  tls: {rejectUnauthorized: ${VERIFY:false}}\n", "a.yml") ==
        "2:9 rejectUnauthorized: false?");
  CHECK(told("[redis]\ninsecure_skip_verify = true\n", "a.toml") ==
        "2:1 insecure_skip_verify = true");
  CHECK(
      told("redis:\n  host: h\nkafka:\n  ssl:\n    rejectUnauthorized: false\n", "a.yml").empty());
  CHECK(told("redis({ tls: isNonProd() ? { rejectUnauthorized: false } : {} })\n", "a.js") ==
        "1:30 rejectUnauthorized: false?");
  // Words that only begin like a literal are names.
  CHECK(told("redis({ tls: { rejectUnauthorized: falsey } })\n", "a.js") ==
        "1:16 rejectUnauthorized: false?");
  CHECK(told("redis.Redis(ssl_cert_reqs=NoneOfThem)\n", "a.py") == "1:13 ssl_cert_reqs none?");
}

TEST_CASE("configuration is told from what composes and locks") {
  for (const char* path : {"config/cable.yml", "src/main/resources/application.properties",
                           "appsettings.json", "config/default.json", "redisson.yaml", "a.toml"})
    CHECK_MESSAGE(is_configuration_file(path), path);
  for (const char* path : {"docker-compose.prod.yml", "compose.yaml", "package.json",
                           "package-lock.json", "a.js", "data/x.json", "yaml"})
    CHECK_FALSE_MESSAGE(is_configuration_file(path), path);
}

TEST_CASE("a condition makes a hit conditional, and a closed one before it does not") {
  CHECK(told("if (process.env.NODE_ENV === 'development') {\n"
             "  redis.tls.rejectUnauthorized = false;\n}\n",
             "a.js") == "2:13 rejectUnauthorized: false?");
  CHECK(told("if (dev)\n  redis.tls.rejectUnauthorized = false;\n", "a.js") ==
        "2:13 rejectUnauthorized: false?");
  CHECK(told("redis({ tls: prod ? {} : { rejectUnauthorized: false } })\n", "a.js") ==
        "1:28 rejectUnauthorized: false?");
  CHECK(told("redis({ tls: { rejectUnauthorized: process.env.NODE_ENV === 'production' } })\n",
             "a.js") == "1:16 rejectUnauthorized: false?");
  CHECK(told("if (!url) {\n  throw x;\n}\nredis({ tls: { rejectUnauthorized: false } })\n",
             "a.js") == "4:16 rejectUnauthorized: false");
  CHECK(told("if debug:\n    a()\nredis.Redis(ssl_cert_reqs=None)\n", "a.py") ==
        "3:13 ssl_cert_reqs none");
  CHECK(told("if debug:\n    a()\n\n    redis.Redis(\n        ssl_cert_reqs=None)\n", "a.py") ==
        "5:9 ssl_cert_reqs none?");
  CHECK(told("if Rails.env.development?\n  redis(verify_mode: VERIFY_NONE)\nend\n", "a.rb") ==
        "2:9 verify_mode without verification?");
  CHECK(told("if a\n  b\nend\nredis(verify_mode: VERIFY_NONE)\n", "a.rb") ==
        "4:7 verify_mode without verification");
  CHECK(told("const r = a?.b ?? redis({ tls: { rejectUnauthorized: false } })\n", "a.js") ==
        "1:34 rejectUnauthorized: false");
}

TEST_CASE("a condition that is being in production is no excuse") {
  const char* off = "rejectUnauthorized: false in production";
  const auto what = [](std::string_view text, std::string_view path) {
    const std::string all = told(text, path);
    return all.substr(std::min(all.size(), all.find(' ') + 1));
  };
  CHECK(what("redis({ tls: prod ? { rejectUnauthorized: false } : undefined })\n", "a.js") == off);
  CHECK(what("const client =\n  process.env.NODE_ENV === \"production\"\n    ? new Redis(url, {\n"
             "        tls: {\n          rejectUnauthorized: false,\n        },\n      })\n"
             "    : new Redis();\n",
             "a.ts") == off);
  CHECK(what("new Redis(url, {\n  tls: process.env.NODE_ENV === 'production'\n    ? {\n"
             "        rejectUnauthorized: false\n      }\n    : undefined\n})\n",
             "a.ts") == off);
  CHECK(
      what("redis({ tls: isNodeProd() ? { checkServerIdentity: () => undefined } : undefined })\n",
           "a.ts") == "checkServerIdentity override in production");
  CHECK(what("if (isProduction) {\n  redis.tls.rejectUnauthorized = false;\n}\n", "a.js") == off);
  CHECK(what("redis({ ...(isProd && { tls: { rejectUnauthorized: false } }) })\n", "a.js") == off);
  CHECK(what("redis({ tls: { rejectUnauthorized: process.env.NODE_ENV !== 'production' } })\n",
             "a.js") == off);
  CHECK(what("redis.Options{TLSConfig: &tls.Config{InsecureSkipVerify: env == \"production\"}}\n",
             "a.go") == "InsecureSkipVerify: true in production");
  CHECK(what("if Rails.env.production?\n  redis(verify_mode: VERIFY_NONE)\nend\n", "a.rb") ==
        "verify_mode without verification in production");
  CHECK(what("redis(verify_mode: VERIFY_NONE) if Rails.env.production?\n", "a.rb") ==
        "verify_mode without verification in production");
  CHECK(what("if settings.ENV == \"production\":\n    redis.Redis(ssl_cert_reqs=None)\n", "a.py") ==
        "ssl_cert_reqs none in production");
  // Everything else stays open: the other branch, a further condition, a word that is like it.
  for (const char* open :
       {"redis({ tls: !prod ? { rejectUnauthorized: false } : {} })\n",
        "redis({ tls: prod ? {} : { rejectUnauthorized: false } })\n",
        "redis({ tls: env !== 'production' ? { rejectUnauthorized: false } : {} })\n",
        "redis({ tls: product ? { rejectUnauthorized: false } : {} })\n",
        "redis({ tls: prod && own ? { rejectUnauthorized: false } : {} })\n",
        "if (own) {\n  redis({ tls: prod ? { rejectUnauthorized: false } : {} })\n}\n",
        "if (prod) {\n  a();\n} else {\n  redis.tls.rejectUnauthorized = false;\n}\n",
        "redis({ tls: { rejectUnauthorized: NODE_ENV === 'production' } })\n"})
    CHECK_MESSAGE(what(open, "a.js") == "rejectUnauthorized: false?", open);
  // A choice that ended before is none.
  CHECK(what("redis(a ? b : c, { tls: { rejectUnauthorized: false } })\n", "a.js") ==
        "rejectUnauthorized: false");
}

TEST_CASE("tests and documents are told apart, and a host name check is seen") {
  CHECK(is_test_or_document("backend/tests/redis.js"));
  CHECK(is_test_or_document("docs/x.py"));
  CHECK_FALSE(is_test_or_document("backend/src/latest.js"));
  CHECK(is_source_file("a/b.py"));
  CHECK_FALSE(is_source_file("a/b.json"));
  const auto seen = search_verification(as_bytes("x\nRedis(ssl_check_hostname = True)\n"), "a.py");
  CHECK(seen.line_that_checks_names == 2);
  CHECK(seen.names_redis);
  CHECK_FALSE(search_verification(as_bytes("# redis\n"), "a.py").names_redis);
}

TEST_CASE("code that uses a Redis library is told from code that only names Redis") {
  const auto uses = [](std::string_view text, std::string_view path) {
    return search_verification(as_bytes(text), path).uses_redis_library;
  };
  CHECK(uses("const Redis = require('ioredis');\n", "a.js"));
  CHECK(uses("import { createClient } from '@redis/client';\n", "a.ts"));
  CHECK(uses("import redis\n", "a.py"));
  CHECK(uses("from celery import Celery\n", "a.py"));
  CHECK(uses("import (\n  \"github.com/redis/go-redis/v9\"\n)\n", "a.go"));
  CHECK(uses("import redis.clients.jedis.JedisPool;\n", "A.java"));
  CHECK(uses("using StackExchange.Redis;\n", "a.cs"));
  CHECK(uses("require 'redis'\n", "a.rb"));
  CHECK(uses("$r = new Redis();\n", "a.php"));
  CHECK_FALSE(uses("const keys = require('./redis-keys');\n", "a.js"));
  CHECK_FALSE(uses("const redisUrl = config.redis;\n", "a.js"));
  CHECK_FALSE(uses("log('could not import redis data')\n", "a.py"));
  CHECK_FALSE(uses("# import redis\n", "a.py"));
  CHECK_FALSE(uses("redis-cli --tls PING\nimport redis\n", "a.sh"));
}

TEST_CASE("bundles for machines are told apart from what people write") {
  CHECK(is_minified(as_bytes("x"), "a/app.min.js"));
  CHECK(is_minified(as_bytes(std::string(20'000, 'x')), "a/app.js"));
  CHECK_FALSE(is_minified(as_bytes("const a = 1;\n"), "a/app.js"));
  std::string with_literal = std::string(6'000, 'x');
  for (int i = 0; i < 100; ++i) with_literal += "\ncode();";
  CHECK_FALSE(is_minified(as_bytes(with_literal), "a/app.js"));
}

TEST_CASE("any cut of a source is searched without harm") {
  const std::string_view whole =
      "a = 'redis\\' /* \"\"\" # // `x\nssl_cert_reqs=None\\\ncheckServerTrusted({}'";
  for (std::size_t size = 0; size <= whole.size(); ++size)
    for (const std::string_view path : {"a.py", "a.js", "a.sh", "a.php"})
      CHECK(hits(whole.substr(0, size), path).size() <= 2);
}

TEST_CASE("a choice between verifying and not is a condition, whichever stands first") {
  CHECK(told("r = redis.Redis(ssl_cert_reqs=\"none\" if DEV else \"required\")\n", "a.py") ==
        "1:17 ssl_cert_reqs none?");
  CHECK(told("r = redis.Redis(ssl_cert_reqs=\"required\" if p() else \"none\", x=1)\n", "a.py") ==
        "1:17 ssl_cert_reqs none?");
  CHECK(told("new Redis({ tls: { rejectUnauthorized: strict ? true : false } })\n", "a.js") ==
        "1:20 rejectUnauthorized: false?");
  CHECK(told("new Redis({ tls: { rejectUnauthorized: lax ? false : true } })\n", "a.js") ==
        "1:20 rejectUnauthorized: false?");
  CHECK(told("new Redis({ tls: { rejectUnauthorized: a ? true : true, b: false } })\n", "a.js") ==
        "");
}
