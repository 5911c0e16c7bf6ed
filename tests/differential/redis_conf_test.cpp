// Our reader of redis.conf against the real redis-server: on generated
// configurations both start or both refuse, and where they start CONFIG GET
// agrees with what was read. RTA_SEED and RTA_SECONDS choose another run.
#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>

#include "tests/differential/redis_conf_cases.h"
#include "tests/support/dice.h"
#include "tests/support/loopback.h"

using namespace rta;
using rta::testing::Dice;
using rta::testing::RedisConfCase;

namespace {

// Lines that start a server more often than not, and what is near to them.
constexpr const char* kLines[] = {"port 0",
                                  "PORT 0",
                                  "port \"0\"",
                                  "port 00",
                                  "port 65536",
                                  "port +0",
                                  "port 0 # none",
                                  "tls-port 0",
                                  "bind 127.0.0.1",
                                  "bind \"127.0.0.1 127.0.0.2\"",
                                  "bind 127.0.0.1 -::1",
                                  "bind \"\"",
                                  "bind ''",
                                  "protected-mode no",
                                  "protected-mode NO",
                                  "protected-mode false",
                                  "timeout 30",
                                  "timeout -1",
                                  "timeout 030",
                                  "tcp-keepalive 60",
                                  "maxclients 100",
                                  "maxclients 0",
                                  "maxclients 18446744073709551615",
                                  "acllog-max-len 5",
                                  "acllog-max-len 99999999999999999999",
                                  "unixsocketperm 700",
                                  "unixsocketperm 888",
                                  "unixsocketperm 1000",
                                  "loglevel verbose",
                                  "loglevel Notice",
                                  "loglevel info",
                                  "logfile \"\"",
                                  "logfile /nonexistent/x.log",
                                  "syslog-enabled no",
                                  "supervised no",
                                  "supervised maybe",
                                  "requirepass secret-word",
                                  "requirepass \"with blank\"",
                                  "requirepass \"\"",
                                  "requirepass a b",
                                  "requirepass 'it\\'s'",
                                  "requirepass \"\\x41\\n\"",
                                  "masterauth x",
                                  "tls-replication no",
                                  "tls-auth-clients optional",
                                  "tls-auth-clients maybe",
                                  "tls-ciphers DEFAULT",
                                  "tls-protocols \"TLSv1.2\"",
                                  "tls-protocols TLSv1.2 TLSv1.3",
                                  "tls-session-cache-size 10",
                                  "tls-prefer-server-ciphers yes",
                                  "enable-debug-command local",
                                  "enable-module-command 1",
                                  "enable-protected-configs yes",
                                  "save 60 1",
                                  "save 60",
                                  "save \"\"",
                                  "save 60 1 300 10",
                                  "maxmemory 1gb",
                                  "maxmemory 1xb",
                                  "maxmemory-clients 10%",
                                  "maxmemory-clients 200%",
                                  "hz 1000",
                                  "hz 0",
                                  "notify-keyspace-events KEA",
                                  "notify-keyspace-events Kq",
                                  "notify-keyspace-events K E",
                                  "client-output-buffer-limit normal 1mb 2mb 3",
                                  "client-output-buffer-limit replica 1 2",
                                  "client-output-buffer-limit master 1 2 3",
                                  "oom-score-adj relative",
                                  "oom-score-adj-values 1 2 3",
                                  "oom-score-adj-values 1 2",
                                  "latency-tracking-info-percentiles 50 99.9",
                                  "latency-tracking-info-percentiles 101",
                                  "shutdown-on-sigterm save now",
                                  "shutdown-on-sigterm save nosave",
                                  "slaveof no one",
                                  "replicaof 127.0.0.1 66000",
                                  "cluster-announce-hostname a.b",
                                  "cluster-announce-hostname a_b",
                                  "rename-command CONFIG2 x",
                                  "rename-command FLUSHALL \"\"",
                                  "rename-command DEBUG debug2",
                                  "rename-command GET SET",
                                  "user alice on >pw ~* +@all",
                                  "user alice off",
                                  "user bob on nopass ~* &* +get",
                                  "user bob +nosuch",
                                  "user bob +config|get -config|set",
                                  "user bob ~* ~x",
                                  "user bob #00",
                                  "user bob <nope",
                                  "user default on nopass ~* +@all",
                                  "user default off",
                                  "user bob (~a +get) (%R~b -@all)",
                                  "user bob (~a",
                                  "appendonly no",
                                  "dbfilename a/b",
                                  "dbfilename x.rdb",
                                  "dir .",
                                  "dir /nonexistent",
                                  "include extra.conf",
                                  "include missing.conf",
                                  "include \"conf.d/*.conf\"",
                                  "include nothing-*.conf",
                                  "# comment",
                                  "  # comment",
                                  "; comment",
                                  "port=1",
                                  "tls-protocol TLSv1.2",
                                  "lua-replicate-commands yes",
                                  "list-max-ziplist-value 1",
                                  "\"port\" 0",
                                  "'timeout' 5",
                                  "timeout \"5",
                                  "timeout 5\"x\"",
                                  "t\"imeout\" 6",
                                  "loadmodule",
                                  "sentinel x",
                                  "some.module 1",
                                  "some.module",
                                  "io-threads 1",
                                  "databases 0",
                                  "databases 4",
                                  "repl-backlog-size 2mb",
                                  "tls-key-file-pass hidden",
                                  "lua-time-limit 7",
                                  "slave-priority 7",
                                  "unixsocket",
                                  "proto-max-bulk-len 1mb",
                                  "proto-max-bulk-len 1",
                                  "acl-pubsub-default allchannels",
                                  "tls-auth-clients-user CN",
                                  "hide-user-data-from-log yes",
                                  "aclfile users.acl",
                                  "aclfile missing.acl"};

constexpr const char* kArguments[] = {"--timeout",
                                      "7",
                                      "--port",
                                      "0",
                                      "--timeout 8",
                                      "--save",
                                      "",
                                      "--requirepass",
                                      "pw",
                                      "--bind",
                                      "127.0.0.1",
                                      "127.0.0.1 127.0.0.2",
                                      "--loglevel",
                                      "debug",
                                      "--nosuch",
                                      "-x",
                                      "--maxclients=5",
                                      "\"q",
                                      "--protected-mode",
                                      "no",
                                      "--tls-protocols",
                                      "TLSv1.2 TLSv1.3",
                                      "--TIMEOUT",
                                      "9"};

// Lines about TLS; PORT is a free one, and the files are written beside.
constexpr const char* kTlsLines[] = {"tls-port PORT",
                                     "tls-port PORT",
                                     "tls-port 0",
                                     "TLS-Port \"PORT\"",
                                     "tls-cert-file cert.pem",
                                     "tls-cert-file cert.pem",
                                     "tls-cert-file missing.pem",
                                     "tls-cert-file key.pem",
                                     "tls-key-file key.pem",
                                     "tls-key-file key.pem",
                                     "tls-key-file other.pem",
                                     "tls-key-file cert.pem",
                                     "tls-ca-cert-file ca.pem",
                                     "tls-ca-cert-file ca.pem",
                                     "tls-ca-cert-file \"\"",
                                     "tls-ca-cert-file empty.pem",
                                     "tls-ca-cert-dir .",
                                     "tls-auth-clients no",
                                     "tls-auth-clients YES",
                                     "tls-protocols \"TLSv1.2 TLSv1.3\"",
                                     "tls-protocols tlsv1.3",
                                     "tls-protocols \"TLSv1.2,TLSv1.3\"",
                                     "tls-protocols \" TLSv1.2\"",
                                     "tls-protocols SSLv3",
                                     "tls-protocols \"\"",
                                     "tls-ciphers NOSUCH",
                                     "tls-ciphers ECDHE-RSA-AES256-GCM-SHA384:!aNULL",
                                     "tls-ciphersuites TLS_AES_128_GCM_SHA256",
                                     "tls-ciphersuites NOSUCH",
                                     "tls-dh-params-file missing.pem",
                                     "tls-key-file-pass x",
                                     "tls-replication yes",
                                     "tls-cluster yes",
                                     "tls-client-cert-file cert.pem",
                                     "tls-client-key-file key.pem",
                                     "tls-client-key-file other.pem",
                                     "tls-session-caching no",
                                     "bind 127.0.0.1",
                                     "bind 127.0.0.1 -::1",
                                     "bind 127.0.0.2 127.0.0.1",
                                     "bind -127.0.0.1 192.0.2.1",
                                     "bind -192.0.2.1 127.0.0.1",
                                     "bind * -::*",
                                     "bind \"\"",
                                     "requirepass p",
                                     "requirepass \"\"",
                                     "user default on >p ~* +@all",
                                     "user default off",
                                     "user default on nopass -@all",
                                     "user default nopass",
                                     "user x on >p ~* +@all",
                                     "protected-mode no",
                                     "# \\0 NUL",
                                     "timeout 5\\0 junk"};

std::string tls_text(Dice& dice, const std::string& port) {
  std::string text = dice.one_in(3) ? "" : "bind 127.0.0.1\n";
  if (!dice.one_in(4))
    text +=
        "tls-port PORT\ntls-cert-file cert.pem\ntls-key-file key.pem\ntls-ca-cert-file ca.pem\n";
  for (std::size_t i = dice.below(4); i > 0; --i) text += dice.pick(kTlsLines) + "\n";
  for (std::size_t at; (at = text.find("PORT")) != std::string::npos;) text.replace(at, 4, port);
  for (std::size_t at; (at = text.find("\\0")) != std::string::npos;) text.replace(at, 2, 1, '\0');
  return text;
}

std::string config_text(Dice& dice, std::size_t lines) {
  static constexpr const char* kEnds[] = {"\n", "\n", "\n", "\n", "\r\n", " \n", "\t\n", "\n\n"};
  std::string text;
  for (std::size_t i = 0; i < lines; ++i) {
    if (dice.one_in(12)) text += dice.one_in(2) ? " " : "\t";
    text += dice.pick(kLines);
    text += i + 1 == lines && dice.one_in(3) ? "" : dice.pick(kEnds);
  }
  return text;
}

RedisConfCase make_case(Dice& dice) {
  RedisConfCase made;
  made.file = config_text(dice, dice.below(5));
  if (dice.one_in(2)) {
    const std::string port = std::to_string(rta::testing::free_address("127.0.0.1").port);
    made.file = tls_text(dice, port) + (dice.one_in(2) ? made.file : "");
  }
  made.extra = config_text(dice, dice.below(3));
  made.arguments.push_back("redis.conf");
  if (dice.one_in(5)) {
    made.arguments.push_back("-");
    made.input = config_text(dice, 1 + dice.below(2));
  } else if (dice.one_in(2)) {
    for (std::size_t i = dice.below(5); i > 0; --i) made.arguments.push_back(dice.pick(kArguments));
  }
  // Nothing else may open a port, and we must get in.
  if (made.input.empty())
    made.arguments.insert(made.arguments.end(), {"--port", "0", "--unixsocket", "s"});
  else
    made.input += "\nport 0\nunixsocket s\n";
  if (!made.input.empty() && made.arguments.size() > 2) made.arguments.resize(2);
  return made;
}

}  // namespace

TEST_CASE("on generated configurations our reader and redis-server agree") {
  const auto program = find_redis_server();
  if (!program) {
    MESSAGE("skipped: no redis-server is installed");
    return;
  }
  const char* seed = std::getenv("RTA_SEED");
  const char* seconds = std::getenv("RTA_SECONDS");
  Dice dice{seed == nullptr ? 1U : static_cast<unsigned>(std::atoi(seed))};
  const auto end = std::chrono::steady_clock::now() +
                   std::chrono::seconds{seconds == nullptr ? 15 : std::atoi(seconds)};
  int number = 0;
  while (std::chrono::steady_clock::now() < end) rta::testing::compare_redis_conf(make_case(dice), *program, number++);
  MESSAGE(number, " configurations compared");
  CHECK(number > 20);
}
