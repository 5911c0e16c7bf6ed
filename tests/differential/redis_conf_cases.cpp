#include "tests/differential/redis_conf_cases.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>

#include "base/text.h"
#include "base/unique_fd.h"
#include "files/redis_conf/redis_conf.h"
#include "tests/support/pki.h"
#include "tests/support/real_server_files.h"
#include "tests/support/temporary_directory.h"

namespace rta::testing {
namespace {

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

}  // namespace

bool compare_redis_conf(const RedisConfCase& made, const RedisServerProgram& program, int number) {
  const rta::testing::TemporaryDirectory directory;
  const std::string root = directory.path();
  directory.write("redis.conf", made.file);
  directory.write("extra.conf", made.extra);
  write_certificates(directory);
  directory.write("users.acl",
                  number % 3 == 0 ? "" : "user default on >pw ~* &* +@all\nuser u off\n");
  directory.write("conf.d/a.conf", "timeout 11");
  directory.write("conf.d/b.conf", "\ntcp-keepalive 12\n");

  // The socket stays in reach where `dir` moves the server.
  std::vector<std::string> arguments = made.arguments;
  for (std::string& argument : arguments)
    if (argument == "s") argument = root + "/s";
  std::string standard_input = made.input;
  if (const std::size_t at = standard_input.rfind("unixsocket s\n"); at != std::string::npos)
    standard_input.replace(at, 13, "unixsocket " + root + "/s\n");
  RedisConfInput input{.arguments = arguments,
                       .standard_input = standard_input,
                       .working_directory = root,
                       .source = "redis.conf"};
  const RedisConfReading ours = read_redis_conf(input, rta::testing::real_server_files());
  const auto found = ours.secrets.find("requirepass");
  std::string password = found == ours.secrets.end() ? "" : std::string{found->second.expose()};
  if (ours.facts.value("aclfile") != nullptr && !ours.facts.value("aclfile")->empty())
    password = number % 3 == 0 ? "" : "pw";
  const RealAnswer real = run_real(program, root, arguments, standard_input, password);

  INFO("case ", number, "\n--- arguments ", join(made.arguments, "|"), "\n--- file\n", made.file,
       "\n--- extra\n", made.extra, "\n--- stdin\n", made.input,
       "\n--- ours: ", ours.facts.refused.value_or("starts"), "\n--- real\n", real.log);
  const bool ours_starts = !ours.facts.refused.has_value();
  CHECK(ours_starts == real.started);
  if (ours_starts != real.started) return false;
  if (!real.started) {
    const std::string at = fmt::format("at line {}\n", ours.redis_line);
    if (real.log.find(", at line ") != std::string::npos)
      CHECK(real.log.find(at) != std::string::npos);
    return false;
  }
  CHECK(real.open_without_auth == ours.facts.default_user_open);
  CHECK(real.listeners == std::set<std::string>{ours.listeners.begin(), ours.listeners.end()});
  if (real.config.empty()) return true;  // the password or CONFIG itself is out of reach
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
  return true;
}

}  // namespace rta::testing
