// Child processes: started with an argument vector and an environment of our
// choice (empty by default), never through a shell, in a process group of
// their own, and ended with everything they started. Used by the rehearsal,
// the demo and tests; an ordinary scan starts no process.
#pragma once

#include <redis_tls_audit/result.h>
#include <sys/types.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace rta {

struct ProcessSpec {
  std::string executable;                  // path of the file to run
  std::vector<std::string> argv;           // argv[0] included
  std::vector<std::string> environment;    // "NAME=value"
  std::string directory;                   // working directory, empty = ours
  // Limits of the child; 0 = unchanged.
  std::size_t max_memory_bytes = 0;
  std::size_t max_file_bytes = 0;
  std::size_t max_open_files = 0;
  std::size_t max_cpu_seconds = 0;
  std::string standard_input;              // written at once, then closed (at most 64 KiB)
};

// A running child; its destructor ends it: SIGTERM to the group, SIGKILL after
// a second, then waited for. Standard output and error arrive in one pipe, which
// is emptied all the time: a server whose log fills a pipe would stand still.
// One thread (the pipe has one of its own).
class ChildProcess {
 public:
  static Result<ChildProcess> start(const ProcessSpec& spec);
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&& other) noexcept;
  ~ChildProcess();

  [[nodiscard]] pid_t pid() const { return pid_; }
  // Exit code, or 128 + signal, once the child has ended; does not wait.
  std::optional<int> exit_code();
  // Waits at most `span` for the end.
  std::optional<int> wait(std::chrono::milliseconds span);
  // Appends what the child has written so far to output(); does not wait.
  // At most 1 MiB is kept, from the start.
  const std::string& read_output();
  void end();

 private:
  class Output;
  ChildProcess();
  pid_t pid_ = -1;
  std::unique_ptr<Output> output_;
  std::string seen_;
  std::optional<int> exit_code_;
};

// redis-server as installed: in PATH, else Debian's one binary for all tools,
// which becomes the server when it is started under that name.
struct RedisServerProgram {
  std::string executable;
  std::string argv0 = "redis-server";
};
std::optional<RedisServerProgram> find_redis_server();

// The path of a program in PATH.
std::optional<std::string> find_program(const std::string& name);

// No core dump, not traceable: called before the first secret is read.
void forbid_core_dumps();

}  // namespace rta
