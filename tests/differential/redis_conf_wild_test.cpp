// Our reader of redis.conf against the real redis-server on what no person
// would write: every directive with values of every kind, quotes and escapes
// that close or do not, bytes that look like blanks, includes that loop, lines
// longer than a buffer, and command lines in any order. RTA_SEED and RTA_CASES
// choose other cases.
#include <doctest/doctest.h>

#include <array>
#include <set>

#include "files/redis_conf/redis_directives.h"
#include "tests/differential/redis_conf_cases.h"
#include "tests/support/dice.h"

using namespace rta;
using namespace std::string_view_literals;
using rta::testing::Dice;
using rta::testing::RedisConfCase;

namespace {

// What would leave the test's reach: other processes, names to look up, other
// servers, memory by the gigabyte, and the socket that we ask.
constexpr std::array kLeftAlone{"daemonize"sv,   "replicaof"sv,     "slaveof"sv,  "cluster-enabled"sv,
                                "supervised"sv,  "bind"sv,          "port"sv,     "tls-port"sv,
                                "unixsocket"sv,  "databases"sv,     "io-threads"sv,
                                "tls-cluster"sv, "watchdog-period"sv, "maxclients"sv,
                                "key-load-delay"sv, "rdb-key-save-delay"sv, "oom-score-adj"sv,
                                "bind-source-addr"sv, "logfile"sv, "pidfile"sv};

constexpr std::array kValues{
    "0"sv, "1"sv, "-1"sv, "+1"sv, "007"sv, "0x10"sv, "1e3"sv, "1.5"sv, "10 20"sv, "100"sv,
    "65536"sv, "2147483648"sv, "9223372036854775807"sv, "18446744073709551615"sv,
    "99999999999999999999"sv, "1k"sv, "1K"sv, "1kb"sv, "1KB"sv, "1Kb"sv, "1g"sv, "1gb"sv, "1GB"sv,
    "1b"sv, "1B"sv, "1 gb"sv, "1.5gb"sv, "-1mb"sv, "gb"sv, "1tb"sv, "50%"sv, "101%"sv, "-5%"sv,
    "yes"sv, "no"sv, "YES"sv, "No"sv, "true"sv, "y"sv, "\"yes\""sv, "'no'"sv, "\"\""sv, "''"sv,
    "\"a b\""sv, "'a b'"sv, "a b"sv, "\"\\x30\""sv, "\"\\x3\""sv, "\"\\xzz\""sv, "\"\\n\\t\\a\\b\\r\""sv,
    "\"a\\\"b\""sv, "'a\\'b'"sv, "'a\\\\b'"sv, "\"a"sv, "'a"sv, "a\""sv, "a'b'"sv, "\"a\"b"sv, "\"a\" b"sv,
    "\"\\x00\""sv, "#"sv, "a#b"sv, "\\"sv, "a\\"sv, "\xC2\xA0"sv, "\xE3\x80\x80y"sv, "\xFF\xFE"sv,
    "normal"sv, "replica"sv, "local"sv, "allchannels"sv, "resetchannels"sv, "everysec"sv, "always"sv,
    "debug"sv, "WARNING"sv, "nothing"sv, "noeviction"sv, "allkeys-lru"sv, "Ag$"sv, "KEA"sv, "save"sv,
    "force now"sv, "default"sv, "tls-dynamic"sv, "ip"sv, "unknown-endpoint"sv, "TLSv1.2"sv,
    "\"TLSv1.2 TLSv1.3\""sv, "'TLSv1.3'"sv, "\"tlsV1.2  TLSv1.3\""sv, "TLSv1.2,TLSv1.3"sv, "TLSv1.4"sv,
    "ca.pem"sv, "cert.pem"sv, "key.pem"sv, "missing.pem"sv, "users.acl"sv, "."sv, "x/y"sv};

constexpr std::array kWhole{
    ""sv, " "sv, "\t"sv, "#x"sv, "\v"sv, "\f port 0"sv, "port 0"sv, "tls-port 0"sv, "bind 127.0.0.1"sv,
    "bind 127.0.0.1 ::1"sv, "bind -192.0.2.9 127.0.0.1"sv, "bind \"127.0.0.1  127.0.0.2\""sv,
    "bind 127.0.0.1 127.0.0.1"sv,
    "save"sv, "save \"\""sv, "save ''"sv, "save 900 1 300"sv, "save \"900 1 300 10\""sv, "save 0 1"sv,
    "save 1 0"sv, "save -1 1"sv, "save 900 1\nsave \"\"\nsave 60 2"sv, "save a b"sv, "save 1 1 \"\""sv,
    "include extra.conf"sv, "include \"extra.conf\""sv, "include 'conf.d/*.conf'"sv,
    "include conf.d/?.conf"sv, "include conf.d/[ab].conf"sv, "include conf.d/[!a].conf"sv,
    "include missing/*.conf"sv, "include missing.conf"sv, "include conf.d"sv, "include"sv,
    "include a b"sv, "include \"\""sv, "include redis.conf"sv, "include extra.conf\ninclude extra.conf"sv,
    "rename-command GET \"\""sv, "rename-command get GET"sv, "rename-command \"GET\" 'x y'"sv,
    "rename-command GET get2\nrename-command get2 get3"sv, "rename-command SET GET"sv,
    "rename-command GET \"\"\nrename-command SET GET"sv, "rename-command config|get x"sv,
    "rename-command"sv, "rename-command \"\" x"sv, "rename-command CONFIG \"\""sv,
    "dir ."sv, "dir \"\""sv, "dir conf.d"sv, "dir conf.d\ninclude ../extra.conf"sv, "dir redis.conf"sv,
    "logfile \"\""sv, "logfile ''"sv, "pidfile ''"sv, "supervised auto"sv, "supervised no"sv,
    "io-threads 1"sv, "databases 16"sv, "databases -1"sv, "databases x"sv, "maxclients 50"sv,
    "replicaof no one"sv, "replicaof a"sv, "slaveof"sv, "requirepass pw\nrequirepass \"\""sv,
    "requirepass \"\\x70\\x77\""sv, "requirepass pw#x"sv, "requirepass 'p w'"sv, "requirepass \"p\"w"sv,
    "requirepass p\\w"sv, "requirepass \"p\\w\""sv, "masterauth 'a"sv, "tls-key-file-pass \"\""sv,
    "module.setting"sv, "module.setting 1"sv, ".x 1"sv, "sentinel monitor a b 1 2"sv,
    "user"sv, "user a"sv, "user a on on off"sv, "user \"a b\" on"sv, "user \"\" on"sv, "user a b"sv,
    "user a >p <p"sv, "user a <p"sv, "user a >"sv, "user a nopass resetpass"sv, "user a ~"sv,
    "user a %RW~x"sv, "user a %~x"sv, "user a %X~x"sv, "user a %RR~x %W~"sv, "user a &x"sv,
    "user a allchannels &x"sv, "user a resetchannels &x &*"sv, "user a ~* ~a"sv, "user a allkeys resetkeys ~b"sv,
    "user a +@nosuch"sv, "user a -@all +@read"sv, "user a +GET"sv, "user a +get|x"sv, "user a +config|GET"sv,
    "user a -config|get"sv, "user a +config|get|x"sv, "user a ++get"sv, "user a +"sv, "user a +@"sv,
    "user a (+get"sv, "user a (+get ~x) (on)"sv, "user a ()"sv, "user a (~x +get) clearselectors"sv,
    "user a +@all -@dangerous (%R~y +@all)"sv, "user a sanitize-payload skip-sanitize-payload"sv,
    "user a !0000"sv, "user a reset nopass"sv, "user default on >pw ~* &* +@all"sv,
    "user default reset"sv, "user a on\nuser A on"sv, "user a on\nuser a on"sv,
    "user a #9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"sv,
    "user a #9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08"sv,
    "user a allcommands nocommands"sv, "USER a on"sv, "user 'a' \"on\" '>p q'"sv,
    "client-output-buffer-limit normal 0 0 0 pubsub 1 1 1"sv, "client-output-buffer-limit normal 1gB 0 0"sv,
    "client-output-buffer-limit slave 1 1 1"sv, "client-output-buffer-limit x 1 1 1"sv,
    "client-output-buffer-limit \"normal 1 2 3\""sv, "client-output-buffer-limit"sv,
    "oom-score-adj-values -2001 0 0"sv, "oom-score-adj-values 0 200 800"sv, "oom-score-adj-values 1 2 3 4"sv,
    "latency-tracking-info-percentiles \"\""sv, "latency-tracking-info-percentiles 1 x"sv,
    "latency-tracking-info-percentiles 50 100.0 0.001"sv, "shutdown-on-sigint default"sv,
    "shutdown-on-sigint save force now"sv, "shutdown-on-sigterm \"save force\""sv, "shutdown-on-sigterm \"\""sv,
    "notify-keyspace-events \"\""sv, "notify-keyspace-events g$lshzxetd"sv, "notify-keyspace-events m"sv,
    "acl-pubsub-default allchannels\nuser a on"sv, "list-max-ziplist-entries 5"sv, "hash-max-ziplist-value 1kb"sv,
    "lua-replicate-commands"sv, "lua-replicate-commands no"sv, "lua-time-limit -1"sv,
    "tls-ciphers \"\""sv, "tls-ciphersuites ''"sv, "tls-auth-clients Optional"sv,
    "proc-title-template \"{title} {port}\""sv, "proc-title-template {title}"sv,
    "proc-title-template {x"sv, "proc-title-template {{"sv, "proc-title-template {x}"sv,
    "proc-title-template \" {server-mode} \""sv, "proc-title-template \"{config-file}}\""sv,
    "unixsocketperm 0777"sv, "unixsocketperm 7777"sv, "unixsocketperm 0o7"sv, "unixsocketperm \"\""sv};

std::string any_case(Dice& dice, std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z' && dice.one_in(2)) c = static_cast<char>(c - 'a' + 'A');
  return text;
}

std::string name_of_directive(Dice& dice) {
  const auto all = redis_directives();
  for (;;) {
    const DirectiveInfo& info = all[dice.below(all.size())];
    if (std::ranges::find(kLeftAlone, info.name) != kLeftAlone.end()) continue;
    return std::string{!info.alias.empty() && dice.one_in(2) ? info.alias : info.name};
  }
}

std::string line_of(Dice& dice) {
  static constexpr std::array kBlanks{" "sv, " "sv, " "sv, "\t"sv, "  "sv, "\v"sv, "\xC2\xA0"sv, "="sv, ""sv};
  if (dice.one_in(3)) return dice.pick(kWhole);
  std::string name = name_of_directive(dice);
  if (dice.one_in(6)) name = any_case(dice, name);
  if (dice.one_in(15)) name.insert(dice.below(name.size()), 1, "\"'x-_ "[dice.below(6)]);
  if (dice.one_in(15)) name = (dice.one_in(2) ? "\"" : "'") + name + (dice.one_in(2) ? "\"" : "'");
  std::string line = name + dice.pick(kBlanks) + dice.pick(kValues);
  while (dice.one_in(5)) line += dice.pick(kBlanks) + dice.pick(kValues);
  if (dice.one_in(30)) line += std::string(1000 + dice.below(60'000), "a \"'\\#"[dice.below(6)]);
  return line;
}

std::string text_of(Dice& dice, std::size_t lines) {
  static constexpr std::array kEnds{"\n"sv, "\n"sv, "\n"sv, "\n"sv, "\n"sv, "\r\n"sv, "\r"sv,
                                    " \n"sv, "\t\r\n"sv, "\\\n"sv, "\n\n"sv, " #x\n"sv};
  static constexpr std::array kStarts{""sv, ""sv, ""sv, ""sv, ""sv, " "sv, "\t"sv, "\v"sv, "\r"sv, "\f"sv};
  std::string text = dice.one_in(25) ? "\xEF\xBB\xBF" : "";
  for (std::size_t i = 0; i < lines; ++i) {
    text += dice.pick(kStarts) + line_of(dice);
    text += i + 1 == lines && dice.one_in(3) ? "" : dice.pick(kEnds);
  }
  if (dice.one_in(25)) text.insert(dice.below(text.size() + 1), 1, '\0');
  return text;
}

std::string argument_of(Dice& dice) {
  switch (dice.below(6)) {
    case 0: return "--" + name_of_directive(dice);
    case 1: return "--" + line_of(dice);
    case 2: return any_case(dice, "--" + name_of_directive(dice));
    case 3: return dice.one_in(3) ? "--save" : "--" + name_of_directive(dice) + " ";
    default: return dice.pick(kValues);
  }
}

RedisConfCase make_case(Dice& dice) {
  RedisConfCase made;
  // Mostly few lines: where one in three is refused, many lines never start.
  made.file = text_of(dice, dice.one_in(4) ? dice.below(12) : dice.below(3));
  made.extra = text_of(dice, dice.below(2));
  if (dice.one_in(12)) made.extra += "\ninclude redis.conf\n";
  made.arguments.push_back("redis.conf");
  if (dice.one_in(6)) {
    made.arguments.push_back("-");
    made.input = text_of(dice, 1 + dice.below(2)) + "\nport 0\nunixsocket s\n";
    return made;
  }
  if (dice.one_in(3))
    for (std::size_t i = 1 + dice.below(4); i > 0; --i) {
      std::string argument = argument_of(dice);
      argument.erase(std::min(argument.find('\0'), argument.size()));
      made.arguments.push_back(std::move(argument));
    }
  // Nothing else may open a port, and we must get in.
  made.arguments.insert(made.arguments.end(), {"--port", "0", "--unixsocket", "s"});
  return made;
}

}  // namespace

TEST_CASE("on configurations that nobody would write our reader and redis-server agree") {
  const auto program = find_redis_server();
  if (!program) {
    MESSAGE("skipped: no redis-server is installed");
    return;
  }
  const unsigned seed = testing::number_from_environment("RTA_SEED", 1);
  const unsigned count = testing::number_from_environment("RTA_CASES", 250);
  int started = 0;
  for (unsigned number = 0; number < count; ++number) {
    Dice dice{seed * 1'000'003U + number};
    INFO("seed ", seed, " case ", number);
    started += testing::compare_redis_conf(make_case(dice), *program, static_cast<int>(number));
  }
  MESSAGE(count, " configurations compared, ", started, " of them started");
  CHECK(started * 10 > static_cast<int>(count));
}
