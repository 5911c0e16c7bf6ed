#include "files/clients/consumer_settings.h"

#include <doctest/doctest.h>

using namespace rta;
using namespace rta::files;

namespace {

Consumer interpreted(std::string_view text, DotenvDialect dialect = DotenvDialect::node) {
  Consumer consumer;
  consumer.key = "backend@backend/.env";
  const DescribeSecret describe = [](std::string_view value) {
    return SecretFacts{.ordinal = "secret#1", .placeholder = false, .length = value.size()};
  };
  interpret_settings(received_variables(read_dotenv(as_bytes(text), dialect, "backend/.env")),
                     describe, consumer);
  return consumer;
}

}  // namespace

TEST_CASE("the guide's backend file: TLS on, a placeholder CA, host and port by default") {
  const Consumer consumer = interpreted(
      "REDIS_TLS_ENABLED=true\nREDIS_TLS_CA_PATH=/absolute/path/to/certs/redis/ca-cert.pem\n");
  REQUIRE(consumer.tls_switch);
  CHECK(consumer.tls_switch->value == "true");
  CHECK(consumer.tls_switch->location == SourceLocation{"backend/.env", 1, 1});
  REQUIRE(consumer.ca);
  CHECK(consumer.ca->placeholder);
  CHECK(consumer.host_defaulted);
  CHECK(consumer.endpoint == "localhost:6379");
}

TEST_CASE("a URL beats host and port, and its password never enters a setting") {
  const Consumer consumer =
      interpreted("REDIS_HOST=other\nREDIS_PORT=1\nREDIS_URL=rediss://app:hunter2@redis:6380/0\n");
  CHECK(consumer.url_is_tls == true);
  CHECK(consumer.endpoint == "redis:6380");
  REQUIRE(consumer.password);
  CHECK(consumer.password->secret.length == 7);
  REQUIRE(consumer.username);
  CHECK(consumer.username->value == "app");
  for (const Setting& setting : consumer.settings) {
    CHECK(setting.value.find("hunter2") == std::string::npos);
    CHECK(setting.raw.find("hunter2") == std::string::npos);
  }
}

TEST_CASE("a password variable is described, not kept") {
  const Consumer consumer = interpreted("REDIS_PASSWORD=hunter2\nDATABASE_PASSWORD=other\n");
  REQUIRE(consumer.settings.size() == 1);
  CHECK(consumer.settings[0].is_secret);
  CHECK(consumer.settings[0].value.empty());
}

TEST_CASE("overridden and glued assignments are noted") {
  const Consumer twice = interpreted("REDIS_TLS_ENABLED=false\nREDIS_TLS_ENABLED=true\n");
  REQUIRE(twice.tls_switch);
  CHECK(twice.tls_switch->overridden == std::vector<std::string>{"backend/.env:1:1: false"});
  const Consumer glued = interpreted("FOO=barREDIS_TLS_ENABLED=true\n");
  REQUIRE(glued.settings.size() == 1);
  CHECK(glued.settings[0].glued == "REDIS_TLS_ENABLED");
  CHECK(glued.settings[0].value.empty());
  CHECK_FALSE(glued.tls_switch);
}

TEST_CASE("readers that see another value are noted") {
  const std::string_view text = "REDIS_TLS_ENABLED=true#on\n";
  auto variables = received_variables(read_dotenv(as_bytes(text), DotenvDialect::node, ".env"));
  note_other_dialects(variables, {read_dotenv(as_bytes(text), DotenvDialect::python, ".env")});
  CHECK(variables[0].other_dialects == std::vector<std::string>{"python: true#on"});
}

TEST_CASE("only files with a Redis name are consumers") {
  const auto consumer = [](std::string_view text) {
    return is_redis_consumer(
        received_variables(read_dotenv(as_bytes(text), DotenvDialect::node, ".env")));
  };
  CHECK(consumer("REDIS_HOST=h\n"));
  CHECK(consumer("CACHE_URL=redis://h\n"));
  CHECK(consumer("A=bREDIS_TLS_ENABLED=true\n"));
  CHECK_FALSE(consumer("CACHE_URL=https://h\nNODE_ENV=production\n"));
  CHECK_FALSE(consumer("# REDIS_HOST=h\n"));
}

TEST_CASE("roles and kinds of files by name") {
  CHECK(role_of("backend") == ConsumerRole::backend);
  CHECK(role_of("OCR-Worker-2") == ConsumerRole::worker);
  CHECK(role_of("frontend") == ConsumerRole::other);
  CHECK(classify_env_file("backend/.env").is_env_file);
  CHECK(classify_env_file("backend/.env.example").is_template);
  CHECK(classify_env_file("redis.env").is_env_file);
  CHECK(classify_env_file(".env.development").is_for_tests);
  CHECK_FALSE(classify_env_file("environment.ts").is_env_file);
  CHECK_FALSE(classify_env_file(".env.production").is_for_tests);
}

TEST_CASE("truth is the exact word, other words are a maybe") {
  CHECK(truth_of("true") == Truth::on);
  CHECK(truth_of("TRUE") == Truth::maybe_on);
  CHECK(truth_of("1") == Truth::maybe_on);
  CHECK(truth_of("\"true\"") == Truth::off);
  CHECK(truth_of("true,") == Truth::off);
  CHECK(truth_of("") == Truth::off);
}

TEST_CASE("secrets leave an environment and come back") {
  std::vector<std::string> vault;
  const DescribeSecret describe = [&](std::string_view value) {
    vault.emplace_back(value);
    return SecretFacts{.ordinal = "secret#" + std::to_string(vault.size())};
  };
  const FindSecret find = [&](const std::string& ordinal) -> std::optional<std::string> {
    return vault.at(std::stoul(ordinal.substr(7)) - 1);
  };
  const std::string url = hide_secret("REDIS_URL", "rediss://app:p%40s@redis:6379/0", describe);
  CHECK(url == "rediss://app:secret#1@redis:6379/0");
  CHECK(reveal_secret(url, find) == "rediss://app:p%40s@redis:6379/0");
  CHECK(hide_secret("REDIS_PASSWORD", "hunter2", describe) == "secret#2");
  CHECK(reveal_secret("secret#2", find) == "hunter2");
  CHECK(hide_secret("JWT_SECRET", "x", describe) == "secret#3");
  CHECK(hide_secret("REDIS_TLS_ENABLED", "true", describe) == "true");
  CHECK(hide_secret("REDIS_PASSWORD", "", describe).empty());
}

TEST_CASE("usual names of services stand for a backend and a worker, as whole words") {
  CHECK(usual_role_of("api") == ConsumerRole::backend);
  CHECK(usual_role_of("shop_web") == ConsumerRole::backend);
  CHECK(usual_role_of("celery-beat") == ConsumerRole::worker);
  for (const char* name : {"redis-exporter", "webhook", "application", "insight", ""})
    CHECK(usual_role_of(name) == ConsumerRole::other);
}

TEST_CASE("addresses, connection strings and URLs of any name are read as their readers do") {
  const Consumer go = interpreted("REDIS_ADDR=redis:6380\n");
  CHECK(go.endpoint == "redis:6380");
  CHECK(!go.url);
  CHECK(interpreted("REDIS_HOST=redis:6381\n").endpoint == "redis:6381");
  CHECK(interpreted("REDIS_HOST=2001:db8::7\n").host == "2001:db8::7");
  CHECK(interpreted("REDIS_NODES=a:7000,b:7001\n").endpoint == "a:7000");
  CHECK(interpreted("APP_REDIS_HOST=cache\nAPP_REDIS_PORT=7\n").endpoint == "cache:7");
  CHECK(interpreted("VALKEY_URL=valkeys://v\n").url_is_tls == true);
  CHECK(interpreted("REDISCLOUD_URL=redis://c:1\n").url_is_tls == false);
  CHECK(interpreted("RATELIMIT_STORE=rediss://c:1\n").url_is_tls == true);
  CHECK(interpreted("REDIS_ADDR=redis://c:1\n").url_is_tls == false);

  const Consumer php = interpreted("REDIS_HOST=tls://redis.example.org\nREDIS_PORT=6380\n");
  CHECK(php.url_is_tls == true);
  CHECK(php.endpoint == "redis.example.org:6380");
  CHECK(truth_of_switch("REDIS_SCHEME", "tls") == Truth::on);
  CHECK(truth_of_switch("REDIS_SCHEME", "tcp") == Truth::off);
  CHECK(truth_of_switch("REDIS_TLS", "tls") == Truth::off);
  CHECK(truth_of_switch("SPRING_DATA_REDIS_SSL_BUNDLE", "redis") == Truth::on);
  CHECK(interpreted("CACHE_URL=rediscache://c:1\n").url_is_tls == false);
  CHECK(interpreted("SPRING_DATA_REDIS_CLUSTER_NODES=a:1,b:2\n").endpoint == "a:1");

  const Consumer net = interpreted(
      "ConnectionStrings__Redis=redis:6380,ssl=True,password=hunter2,abortConnect=false\n");
  CHECK(net.url_is_tls == true);
  CHECK(net.endpoint == "redis:6380");
  REQUIRE(net.password);
  CHECK(net.password->secret.length == 7);
  CHECK(net.settings[0].value.find("hunter2") == std::string::npos);
  CHECK(interpreted("REDIS_CONNECTION_STRING=redis:6380,password=x\n").url_is_tls == false);

  const Consumer rest = interpreted(
      "UPSTASH_REDIS_REST_URL=https://eu1-x-1.upstash.io\nUPSTASH_REDIS_REST_TOKEN=abcdef\n");
  CHECK(rest.url_is_tls == true);
  CHECK(rest.endpoint == "eu1-x-1.upstash.io:443");
  CHECK(interpreted("UPSTASH_REDIS_REST_URL=https://r.example.org:8443/x\n").endpoint ==
        "r.example.org:8443");
  CHECK(interpreted("UPSTASH_REDIS_REST_URL=http://srh\n").endpoint == "srh:80");
  CHECK(interpreted("REDIS_SENTINELS=a:26379,b:26379\n").host_defaulted);
}

TEST_CASE("a password inside a connection string is hidden and found again") {
  const DescribeSecret describe = [](std::string_view value) {
    return SecretFacts{.ordinal = value == "p%40w" ? "secret#1" : "secret#2"};
  };
  const std::string hidden =
      hide_secret("ConnectionStrings__Redis", "r:1,password=p%40w,ssl=true", describe);
  CHECK(hidden == "r:1,password=secret#1,ssl=true");
  const FindSecret find = [](const std::string&) { return std::optional<std::string>{"p%40w"}; };
  CHECK(reveal_secret(hidden, find) == "r:1,password=p%40w,ssl=true");
}
