#include "base/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "base/deadline.h"
#include "base/text.h"

namespace rta {
namespace {

constexpr std::size_t kKeptOutput = 1024 * 1024;

struct Pipe {
  UniqueFd read, write;
};

std::optional<Pipe> make_pipe() {
  std::array<int, 2> fds{};
  if (::pipe2(fds.data(), O_CLOEXEC) != 0) return std::nullopt;
  return Pipe{UniqueFd{fds[0]}, UniqueFd{fds[1]}};
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (std::string& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

void limit(__rlimit_resource what, std::size_t value) {
  if (value == 0) return;
  const rlimit bound{value, value};
  ::setrlimit(what, &bound);
}

// Between fork and exec: only async-signal-safe calls.
[[noreturn]] void become(const ProcessSpec& spec, char* const* argv, char* const* environment,
                         pid_t parent, int input, int output, int failure) {
  ::setpgid(0, 0);
  // The child must not outlive us, however we end, even if that was just now.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);
  ::dup2(input, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  limit(RLIMIT_AS, spec.max_memory_bytes);
  limit(RLIMIT_FSIZE, spec.max_file_bytes);
  limit(RLIMIT_NOFILE, spec.max_open_files);
  limit(RLIMIT_CPU, spec.max_cpu_seconds);
  ::umask(077);
  if (spec.directory.empty() || ::chdir(spec.directory.c_str()) == 0)
    ::execve(spec.executable.c_str(), argv, environment);
  const int problem = errno;
  [[maybe_unused]] const ssize_t told = ::write(failure, &problem, sizeof problem);
  ::_exit(127);
}

int decode_status(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

Result<ChildProcess> ChildProcess::start(const ProcessSpec& spec) {
  std::vector<std::string> argv_texts = spec.argv;
  std::vector<std::string> environment_texts = spec.environment;
  const std::vector<char*> argv = pointers(argv_texts);
  const std::vector<char*> environment = pointers(environment_texts);
  auto input = make_pipe();
  auto output = make_pipe();
  auto failure = make_pipe();
  if (!input || !output || !failure)
    return Error{fmt::format("no pipe for a child process: {}", std::strerror(errno)), spec.executable, ""};

  ChildProcess child;
  const pid_t parent = ::getpid();
  child.pid_ = ::fork();
  if (child.pid_ < 0)
    return Error{fmt::format("cannot start a process: {}", std::strerror(errno)), spec.executable, ""};
  if (child.pid_ == 0)
    become(spec, argv.data(), environment.data(), parent, input->read.get(), output->write.get(),
           failure->write.get());

  ::setpgid(child.pid_, child.pid_);
  input->read.reset();
  output->write.reset();
  failure->write.reset();
  // A pipe holds 64 KiB, which bounds standard_input: this write never blocks.
  const std::size_t size = std::min<std::size_t>(spec.standard_input.size(), 65'536);
  if (size > 0 && ::write(input->write.get(), spec.standard_input.data(), size) < 0 && errno != EPIPE)
    return Error{"cannot write to the child's standard input", spec.executable, ""};
  input->write.reset();

  int problem = 0;
  if (::read(failure->read.get(), &problem, sizeof problem) > 0) {
    child.end();
    return Error{fmt::format("cannot be started: {}", std::strerror(problem)), spec.executable, ""};
  }
  ::fcntl(output->read.get(), F_SETFL, O_NONBLOCK);
  child.output_fd_ = std::move(output->read);
  return child;
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), output_fd_(std::move(other.output_fd_)),
      output_(std::move(other.output_)), exit_code_(other.exit_code_) {}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  if (this != &other) {
    end();
    pid_ = std::exchange(other.pid_, -1);
    output_fd_ = std::move(other.output_fd_);
    output_ = std::move(other.output_);
    exit_code_ = other.exit_code_;
  }
  return *this;
}

ChildProcess::~ChildProcess() { end(); }

std::optional<int> ChildProcess::exit_code() {
  if (exit_code_ || pid_ < 0) return exit_code_;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) == pid_) exit_code_ = decode_status(status);
  return exit_code_;
}

std::optional<int> ChildProcess::wait(std::chrono::milliseconds span) {
  const Deadline deadline = Deadline::after(span);
  while (!exit_code() && !deadline.passed()) {
    read_output();
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  read_output();
  return exit_code_;
}

const std::string& ChildProcess::read_output() {
  std::array<char, 8192> buffer{};
  while (output_fd_) {
    const ssize_t count = ::read(output_fd_.get(), buffer.data(), buffer.size());
    if (count <= 0) {
      if (count == 0) output_fd_.reset();
      if (count < 0 && errno == EINTR) continue;
      break;
    }
    const std::size_t room = kKeptOutput - std::min(kKeptOutput, output_.size());
    output_.append(buffer.data(), std::min(static_cast<std::size_t>(count), room));
  }
  return output_;
}

void ChildProcess::end() {
  if (pid_ < 0) return;
  if (!exit_code()) {
    ::kill(-pid_, SIGTERM);
    if (!wait(std::chrono::milliseconds{1000})) {
      ::kill(-pid_, SIGKILL);
      int status = 0;
      if (::waitpid(pid_, &status, 0) == pid_) exit_code_ = decode_status(status);
    }
  }
  // Grandchildren that stayed behind in the group.
  ::kill(-pid_, SIGKILL);
  pid_ = -1;
}

std::optional<std::string> find_program(const std::string& name) {
  const char* path = std::getenv("PATH");
  for (const std::string_view directory : split(path == nullptr ? "/usr/bin:/bin" : path, ':')) {
    if (!directory.starts_with('/')) continue;   // never from the working directory
    std::string candidate = fmt::format("{}/{}", directory, name);
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return std::nullopt;
}

std::optional<RedisServerProgram> find_redis_server() {
  if (auto path = find_program("redis-server")) return RedisServerProgram{*path};
  if (auto path = find_program("redis-check-rdb")) return RedisServerProgram{*path};
  return std::nullopt;
}

void forbid_core_dumps() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0);
}

}  // namespace rta
