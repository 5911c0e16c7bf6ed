// The ports beside an endpoint: where a forgotten plaintext Redis would stand.
// They are asked on the endpoint's own address, and only once that is known.
#pragma once

#include <redis_tls_audit/evidence.h>

#include "collect/settings.h"
#include "net/engine.h"

namespace rta {

// The well-known ports of Redis, those that compose publishes, and --ports.
// Ports that are endpoints themselves are left out. Fills Endpoint::siblings.
void ask_sibling_ports(net::Engine& engine, const ScanSettings& settings, const Evidence& evidence,
                       Endpoint& endpoint);

}  // namespace rta
