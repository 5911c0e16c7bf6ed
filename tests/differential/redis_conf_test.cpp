// Our reader of redis.conf against the real redis-server: on generated
// configurations both start or both refuse, and where they start CONFIG GET
// agrees with what was read. RTA_SEED and RTA_SECONDS choose another run.
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>

#include "base/process.h"
#include "base/text.h"
#include "base/unique_fd.h"
#include "files/redis_conf/sds_words.h"
#include "tests/support/loopback.h"
#include "tests/support/pki.h"
#include "tests/support/real_server_files.h"
#include "tests/support/temporary_directory.h"

using namespace rta;

namespace {

class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}
  std::size_t below(std::size_t n) { return engine_() % n; }
  bool one_in(std::size_t n) { return below(n) == 0; }
  template <class List>
  std::string pick(const List& list) {
    return list[below(std::size(list))];
  }

 private:
  std::mt19937 engine_;
};

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

// Certificates for all cases; made once, by keys of this run.
void write_certificates(const rta::testing::TemporaryDirectory& directory) {
  static const auto authority = rta::testing::make_authority();
  static const auto server = rta::testing::make_server(authority);
  static const auto other = rta::testing::make_server(authority);
  directory.write("ca.pem", authority.pem());
  directory.write("cert.pem", server.pem());
  directory.write("key.pem", server.key_pem());
  directory.write("other.pem", other.key_pem());
  directory.write("empty.pem", "");
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

// The reply to one inline command over the server's socket.
std::optional<std::string> ask(const std::string& path, const std::string& commands) {
  const UniqueFd fd{socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  if (connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return std::nullopt;
  if (send(fd.get(), commands.data(), commands.size(), MSG_NOSIGNAL) < 0) return std::nullopt;
  std::string reply;
  char buffer[65536];
  pollfd readable{fd.get(), POLLIN, 0};
  while (poll(&readable, 1, 5000) > 0) {
    const ssize_t size = recv(fd.get(), buffer, sizeof buffer, 0);
    if (size <= 0) break;
    reply.append(buffer, static_cast<std::size_t>(size));
  }
  return reply;
}

std::string resp(const std::vector<std::string>& words) {
  std::string text = fmt::format("*{}\r\n", words.size());
  for (const std::string& word : words) text += fmt::format("${}\r\n{}\r\n", word.size(), word);
  return text;
}

// Bulk strings of a reply, in order; errors and the rest are left out.
std::vector<std::string> bulks(std::string_view reply) {
  std::vector<std::string> all;
  while (!reply.empty()) {
    const std::size_t end = reply.find("\r\n");
    if (end == std::string_view::npos) break;
    const std::string head{reply.substr(0, end)};
    reply.remove_prefix(end + 2);
    if (!head.starts_with('$')) continue;
    const auto size = static_cast<std::size_t>(std::atoi(head.c_str() + 1));
    if (size > reply.size()) break;
    all.emplace_back(reply.substr(0, size));
    reply.remove_prefix(std::min(reply.size(), size + 2));
  }
  return all;
}

// Where a process listens, from the kernel: "127.0.0.1:6379", "[::1]:6379".
std::set<std::string> listeners_of(int pid) {
  std::set<std::string> inodes, found;
  std::error_code none;
  for (const auto& entry :
       std::filesystem::directory_iterator{fmt::format("/proc/{}/fd", pid), none}) {
    const std::string target = std::filesystem::read_symlink(entry.path(), none);
    if (target.starts_with("socket:[")) inodes.insert(target.substr(8, target.size() - 9));
  }
  for (const bool v6 : {false, true}) {
    std::ifstream table{v6 ? "/proc/net/tcp6" : "/proc/net/tcp"};
    std::string line;
    while (std::getline(table, line)) {
      std::istringstream words{line};
      std::string slot, local, remote, state, queues, timer, retransmits, uid, timeout, inode;
      words >> slot >> local >> remote >> state >> queues >> timer >> retransmits >> uid >>
          timeout >> inode;
      if (state != "0A" || !inodes.contains(inode)) continue;
      const std::string hex = local.substr(0, local.find(':'));
      std::array<unsigned char, 16> bytes{};
      for (std::size_t i = 0; i < hex.size() / 2; ++i)
        bytes[i] = static_cast<unsigned char>(
            std::stoi(hex.substr((i / 4 * 4 + 3 - i % 4) * 2, 2), nullptr, 16));
      char text[INET6_ADDRSTRLEN];
      inet_ntop(v6 ? AF_INET6 : AF_INET, bytes.data(), text, sizeof text);
      found.insert(fmt::format(fmt::runtime(v6 ? "[{}]:{}" : "{}:{}"), text,
                               std::stoi(local.substr(local.find(':') + 1), nullptr, 16)));
    }
  }
  return found;
}

struct RealAnswer {
  bool started = false;
  bool open_without_auth = false;
  std::set<std::string> listeners;
  std::string log;
  std::map<std::string, std::string> config;
};

RealAnswer run_real(const RedisServerProgram& program, const std::string& directory,
                    const std::vector<std::string>& arguments, const std::string& input,
                    const std::string& password) {
  ProcessSpec spec{.executable = program.executable,
                   .argv = {program.argv0},
                   .environment = {"LC_ALL=C"},
                   .directory = directory,
                   .standard_input = input};
  spec.argv.insert(spec.argv.end(), arguments.begin(), arguments.end());
  Result<ChildProcess> child = ChildProcess::start(spec);
  REQUIRE(child);
  RealAnswer answer;
  const std::string socket_path = directory + "/s";
  for (int i = 0; i < 2000; ++i) {
    if (child->wait(std::chrono::milliseconds{2})) break;
    const std::string auth = password.empty() ? "" : resp({"AUTH", password});
    const auto reply = ask(socket_path, auth + resp({"CONFIG", "GET", "*"}) + "QUIT\r\n");
    // The socket opens before users are loaded, which may still end the start.
    if (!reply || reply->empty()) continue;
    answer.started = true;
    const auto pong = ask(socket_path, resp({"PING"}) + "QUIT\r\n");
    answer.open_without_auth = pong && (pong->starts_with("+PONG") || pong->starts_with("-NOPERM"));
    answer.listeners = listeners_of(child->pid());
    const std::vector<std::string> words = bulks(*reply);
    for (std::size_t k = 0; k + 1 < words.size(); k += 2) answer.config[words[k]] = words[k + 1];
    break;
  }
  child->end();
  answer.log = child->read_output();
  return answer;
}

struct Case {
  std::vector<std::string> arguments;
  std::string file, input, extra;
};

Case make_case(Dice& dice) {
  Case made;
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

void compare(const Case& made, const RedisServerProgram& program, int number) {
  const rta::testing::TemporaryDirectory directory;
  const std::string root = directory.path();
  directory.write("redis.conf", made.file);
  directory.write("extra.conf", made.extra);
  write_certificates(directory);
  directory.write("users.acl",
                  number % 3 == 0 ? "" : "user default on >pw ~* &* +@all\nuser u off\n");
  directory.write("conf.d/a.conf", "timeout 11");
  directory.write("conf.d/b.conf", "\ntcp-keepalive 12\n");

  RedisConfInput input{.arguments = made.arguments,
                       .standard_input = made.input,
                       .working_directory = root,
                       .source = "redis.conf"};
  const RedisConfReading ours = read_redis_conf(input, rta::testing::real_server_files());
  const auto found = ours.secrets.find("requirepass");
  std::string password = found == ours.secrets.end() ? "" : std::string{found->second.expose()};
  if (ours.facts.value("aclfile") != nullptr && !ours.facts.value("aclfile")->empty())
    password = number % 3 == 0 ? "" : "pw";
  const RealAnswer real = run_real(program, root, made.arguments, made.input, password);

  INFO("case ", number, "\n--- arguments ", join(made.arguments, "|"), "\n--- file\n", made.file,
       "\n--- extra\n", made.extra, "\n--- stdin\n", made.input,
       "\n--- ours: ", ours.facts.refused.value_or("starts"), "\n--- real\n", real.log);
  REQUIRE(!ours.facts.refused.has_value() == real.started);
  if (!real.started) {
    const std::string at = fmt::format("at line {}\n", ours.redis_line);
    if (real.log.find(", at line ") != std::string::npos)
      CHECK(real.log.find(at) != std::string::npos);
    return;
  }
  CHECK(real.open_without_auth == ours.facts.default_user_open);
  CHECK(real.listeners == std::set<std::string>{ours.listeners.begin(), ours.listeners.end()});
  if (real.config.empty()) return;  // the password or CONFIG itself is out of reach
  for (const auto& [name, value] : real.config) {
    if (name == "unixsocket" || name == "maxclients") continue;  // ours; limited by this machine
    const auto secret = ours.secrets.find(name);
    const std::string* read = ours.facts.value(name);
    REQUIRE_MESSAGE(read != nullptr, name);
    if (name == "dir" && read->empty()) continue;
    if (name == "dir") {
      std::string plain = *read;  // "dir ." changes nothing
      while (plain.ends_with("/.")) plain.resize(plain.size() - 2);
      CHECK(plain == value);
      continue;
    }
    INFO(name);
    CHECK((secret == ours.secrets.end() ? *read : std::string{secret->second.expose()}) == value);
  }
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
  while (std::chrono::steady_clock::now() < end) compare(make_case(dice), *program, number++);
  MESSAGE(number, " configurations compared");
  CHECK(number > 20);
}
