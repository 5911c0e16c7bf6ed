#include "demo/server.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <sstream>
#include <thread>

#include "base/deadline.h"
#include "base/text.h"
#include "base/unique_fd.h"

namespace rta::demo {
namespace {

using namespace std::chrono_literals;

sockaddr_in socket_address(const std::string& address, int port) {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(static_cast<std::uint16_t>(port));
  ::inet_pton(AF_INET, address.c_str(), &where.sin_addr);
  return where;
}

const sockaddr* generic(const sockaddr_in& where) {
  return static_cast<const sockaddr*>(static_cast<const void*>(&where));
}

bool accepts(const Listener& listener) {
  const UniqueFd fd{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  const sockaddr_in where = socket_address(listener.address, listener.port);
  return fd && ::connect(fd.get(), generic(where), sizeof where) == 0;
}

}  // namespace

Result<Listener> choose_listener() {
  const auto id = static_cast<unsigned>(::getpid());
  // 127.64.0.0/10 keeps clear of 127.0.0.x, where people's own servers live.
  Listener listener{
      fmt::format("127.{}.{}.{}", 64 + (id >> 16U) % 64, (id >> 8U) & 0xFFU, 1 + (id & 0x7FU)), 0};
  const UniqueFd fd{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  sockaddr_in where = socket_address(listener.address, 0);
  socklen_t size = sizeof where;
  if (!fd || ::bind(fd.get(), generic(where), sizeof where) != 0 ||
      ::getsockname(fd.get(), static_cast<sockaddr*>(static_cast<void*>(&where)), &size) != 0)
    return Error{fmt::format("no free port on {}: {}", listener.address, std::strerror(errno)), "",
                 ""};
  listener.port = ntohs(where.sin_port);
  return listener;
}

Result<DemoServer> DemoServer::start(const std::string& project, const Listener& listener,
                                     const std::vector<std::string>& arguments) {
  const auto program = find_redis_server();
  if (!program)
    return Error{"redis-server is not installed", "",
                 "apt-get install redis-tools (it holds the server's binary)"};
  ProcessSpec spec{.executable = program->executable,
                   .argv = {program->argv0, project + "/redis.conf"}};
  spec.argv.insert(spec.argv.end(), arguments.begin(), arguments.end());
  spec.directory = project;
  auto process = ChildProcess::start(spec);
  if (!process) return std::move(process).error();
  const Deadline deadline = Deadline::after(10s);
  while (!accepts(listener)) {
    if (process->exit_code() || deadline.passed())
      return Error{"redis-server did not start: " + printable(trim(process->read_output()), 600),
                   project + "/redis.conf", ""};
    std::this_thread::sleep_for(2ms);
  }
  return DemoServer{std::move(*process)};
}

double DemoServer::cpu_seconds() const {
  std::ifstream file{fmt::format("/proc/{}/stat", pid())};
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  // proc(5): utime and stime are the 14th and 15th field; the name may hold blanks.
  std::istringstream fields{text.substr(text.rfind(')') + 2)};
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  double user = 0, system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

}  // namespace rta::demo
