// DemoServer is the installed redis-server, started with a project's own
// redis.conf on a loopback address of its own and a free port; it ends with
// this object. One thread.
#pragma once

#include <redis_tls_audit/result.h>

#include <string>
#include <vector>

#include "base/process.h"
#include "demo/project.h"

namespace rta::demo {

// A loopback address that belongs to this process alone (127.x.y.z made from
// its id) and a port that is free there now.
Result<Listener> choose_listener();

class DemoServer {
 public:
  // `arguments` follow redis.conf on the command line and win over it.
  static Result<DemoServer> start(const std::string& project, const Listener& listener,
                                  const std::vector<std::string>& arguments);

  [[nodiscard]] pid_t pid() const { return process_.pid(); }
  // CPU seconds that the server has used so far, from the kernel.
  [[nodiscard]] double cpu_seconds() const;

 private:
  explicit DemoServer(ChildProcess process) : process_(std::move(process)) {}
  ChildProcess process_;
};

}  // namespace rta::demo
