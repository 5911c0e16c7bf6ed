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
#include <mutex>
#include <sys/eventfd.h>
#include <thread>

#include "base/deadline.h"
#include "base/text.h"
#include "base/unique_fd.h"

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

// Output keeps the first 1 MiB of what arrives in a pipe and empties the pipe
// for as long as it lives.
class ChildProcess::Output {
 public:
  explicit Output(UniqueFd pipe) : pipe_(std::move(pipe)), end_(::eventfd(0, EFD_CLOEXEC)) {
    ::fcntl(pipe_.get(), F_SETFL, O_NONBLOCK);
    if (end_) thread_ = std::thread{[this] { keep_reading(); }};
  }
  ~Output() {
    const std::uint64_t one = 1;
    if (!thread_.joinable()) return;
    [[maybe_unused]] const ssize_t told = ::write(end_.get(), &one, sizeof one);
    thread_.join();
  }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  std::string text() {
    const std::lock_guard lock{mutex_};
    take();
    return text_;
  }

 private:
  void keep_reading() {
    for (;;) {
      std::array<pollfd, 2> wanted{pollfd{end_.get(), POLLIN, 0}, pollfd{pipe_.get(), POLLIN, 0}};
      if (::poll(wanted.data(), wanted.size(), -1) < 0 && errno != EINTR) return;
      if (wanted[0].revents != 0) return;
      const std::lock_guard lock{mutex_};
      if (!take()) return;
    }
  }

  // False at the end of the pipe.
  bool take() {
    std::array<char, 8192> buffer{};
    for (;;) {
      // The pipe does not block. NOLINTNEXTLINE(clang-analyzer-unix.BlockInCriticalSection)
      const ssize_t count = ::read(pipe_.get(), buffer.data(), buffer.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return errno == EAGAIN || errno == EWOULDBLOCK;
      if (count == 0) return false;
      const std::size_t room = kKeptOutput - std::min(kKeptOutput, text_.size());
      text_.append(buffer.data(), std::min(static_cast<std::size_t>(count), room));
    }
  }

  UniqueFd pipe_, end_;
  std::mutex mutex_;
  std::string text_;
  std::thread thread_;
};

ChildProcess::ChildProcess() = default;

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
  child.output_ = std::make_unique<Output>(std::move(output->read));
  return child;
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), output_(std::move(other.output_)),
      seen_(std::move(other.seen_)), exit_code_(other.exit_code_) {}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  if (this != &other) {
    end();
    pid_ = std::exchange(other.pid_, -1);
    output_ = std::move(other.output_);
    seen_ = std::move(other.seen_);
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
  while (!exit_code() && !deadline.passed())
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  return exit_code_;
}

const std::string& ChildProcess::read_output() {
  if (output_) seen_ = output_->text();
  return seen_;
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
