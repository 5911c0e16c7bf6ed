// What the checks of logs and connections ask about a server's log file: is
// there one that was read, and is it really this server's?
#pragma once

#include <redis_tls_audit/check.h>

namespace rta::checks {

// The log of this endpoint's server; a Gap when none was read, or when another
// process than the server wrote it (the path may be of another host).
Observation<ServerLog> log_of(const Evidence& evidence, const Endpoint& endpoint);

}  // namespace rta::checks
