#include "cli/stop.h"

#include <csignal>

namespace rta {
namespace {

// A signal handler can reach nothing else.
std::atomic<bool> stop_requested{false};

extern "C" void request_stop(int signal) {
  if (stop_requested.exchange(true)) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);
  }
}

}  // namespace

const std::atomic<bool>& stop_on_signals() {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, request_stop);
  return stop_requested;
}

}  // namespace rta
