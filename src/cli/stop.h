// SIGINT, SIGTERM and SIGHUP ask the scan to stop: connections end within a
// fraction of a second, servers that we started are ended, and what was seen
// so far is reported as incomplete. A second signal ends the process at once.
#pragma once

#include <atomic>

namespace rta {

// Installs the handlers; the flag becomes true when a signal came.
const std::atomic<bool>& stop_on_signals();

}  // namespace rta
