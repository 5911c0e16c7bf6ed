// Each text is read as redis-server reads it: the remedy belongs to its own reason.
#include "files/redis_conf/refusal_remedy.h"

#include <doctest/doctest.h>

#include "base/text.h"
#include "files/redis_conf/redis_conf.h"

using namespace rta;

namespace {

constexpr const char* kTls =
    "tls-port 6379\ntls-cert-file /c\ntls-key-file /k\ntls-auth-clients no\n";

RedisConfiguration read(const std::string& text, const std::string& tls_answer = {}) {
  const RedisConfInput input{
      .arguments = {"redis.conf"}, .source = "redis.conf", .accept_newer = true};
  const RedisConfFiles files{
      .read =
          [&](const std::string& path) { return RedisConfFiles::Text{.text = text, .path = path}; },
      .configure_tls = [&](const TlsMaterial&) { return tls_answer; }};
  return read_redis_conf(input, files).facts;
}

std::string remedy(const std::string& text, const std::string& tls_answer = {}) {
  return refusal_remedy(read(text, tls_answer));
}

}  // namespace

TEST_CASE("without port 0 beside tls-port 6379 the remedy is port 0") {
  CHECK(remedy(kTls).starts_with("add `port 0`"));
  CHECK(remedy(std::string{"port 6379\n"} + kTls).starts_with("write `port 0`"));
  CHECK(remedy(std::string{"port 0\nbind 127.0.0.1 127.0.0.1\n"} + kTls).find("once in bind") !=
        std::string::npos);
  const RedisConfiguration refused = read(kTls);
  CHECK(refusal_in_words(refused).ends_with("(redis.conf:1:1)"));
}

TEST_CASE("every usual refusal has a remedy that names what to write") {
  const std::string tls = std::string{"port 0\n"} + kTls;
  const auto has = [](const std::string& told, std::string_view words) {
    INFO(told);
    CHECK(told.find(words) != std::string::npos);
  };
  has(remedy("port 0\ntls-port 6379\n"), "tls-cert-file ");
  has(remedy("port 0\ntls-port 6379\ntls-cert-file /c\n"), "tls-key-file ");
  has(remedy("port 0\ntls-port 1\ntls-cert-file /c\ntls-key-file /k\n"), "tls-auth-clients no");
  has(remedy(tls + "tls-protocols \"TLSv1.2,TLSv1.3\"\n"), "\"TLSv1.2 TLSv1.3\"");
  has(remedy(tls,
             "Failed to load private key: /k: error:05800074:x509 certificate "
             "routines::key values mismatch"),
      "pair");
  has(remedy(tls, "Failed to load private key: /k: error:1C800064:Provider routines::bad decrypt"),
      "tls-key-file-pass");
  has(remedy(tls, "Failed to load private key: /k: Permission denied"), "chmod 600");
  has(remedy("tls-protocol TLSv1.2\n"), "tls-protocols is one");
  has(remedy("no-such-thing 1\n"), "no directive of Redis");
  has(remedy("user a on\nuser a off\n"), "one line for each user");
  has(remedy("user a on nonsense\n"), "ACL SETUSER");
  has(remedy("aclfile /a\nuser a on\n"), "one place");
  has(remedy("requirepass \"a\n"), "quote");
  has(remedy("bind a/b\n"), "separated by blanks");
  has(remedy("port 0\n"), "tls-port 6379");
  has(remedy(
          "port 0\nbind\ntls-port 6379\ntls-cert-file /c\ntls-key-file /k\ntls-auth-clients no\n"),
      "bind * -::*");
  has(remedy("maxmemory 1 gb\n"), "maxmemory 1gb");
  has(remedy("maxmemory \"1 gb\"\n"), "100mb");
  has(remedy("client-output-buffer-limit normal 0 0\n"), "normal 0 0 0");
  has(remedy("save 900\n"), "save 900 1");
  has(remedy("appendfsync sometimes\n"), "appendfsync everysec");
  has(remedy("maxmemory-policy lru\n"), "maxmemory-policy noeviction");
  has(remedy("io-threads 999\n"), "io-threads 1");
  has(remedy("tls-port 70000\n"), "in range");
  has(remedy("protected-mode maybe\n"), "`protected-mode yes`");
  has(remedy("replicaof a\n"), "replicaof redis-primary 6379");
  has(remedy("oom-score-adj-values 1 2\n"), "0 200 800");
  has(remedy("logfile a b\n"), "in quotes");
  has(remedy("notify-keyspace-events Q\n"), "letters");
  has(remedy("cluster-enabled yes\nreplicaof a 1\n"), "replicaof out");
  CHECK(remedy("port 0\nunixsocket /s\n").empty());
}

TEST_CASE("directives of later releases are no refusal, and their secrets stay secret") {
  const RedisConfiguration newer =
      read("primaryauth hunter22\nreplica-full-sync-buffer-limit 1mb\n");
  CHECK(!newer.refused);
  CHECK(newer.unknown_directives.size() == 2);
  CHECK(newer.directives[0].arguments == std::vector<std::string>{"***"});
  CHECK(*newer.value("primaryauth") == "***");
}
