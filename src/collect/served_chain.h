// The chain as a real client is served it: one completed handshake that offers
// everything, verifies nothing and says PING without credentials; one more with
// the operator's client certificate where the server demands one.
#pragma once

#include <redis_tls_audit/evidence.h>

#include "collect/settings.h"
#include "net/engine.h"

namespace rta {

// Fills Endpoint::chain, once Endpoint::port_answer is known.
void fetch_served_chain(net::Engine& engine, const ScanSettings& settings, Endpoint& endpoint,
                        Scope& scope);

}  // namespace rta
