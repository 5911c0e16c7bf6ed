// The chain as a real client is served it: one completed handshake that offers
// everything, verifies nothing and says PING without credentials; one more with
// the operator's client certificate where the server demands one.
#pragma once

#include <redis_tls_audit/evidence.h>

#include "collect/settings.h"
#include "net/engine.h"

namespace rta {

// Fills Endpoint::chain, once Endpoint::port_answer is known.
// False: the server fell silent after the handshake, to PING as well.
bool fetch_served_chain(net::Engine& engine, const ScanSettings& settings, Endpoint& endpoint,
                        std::vector<Gap>& notes);

// What the other addresses of the endpoint's name serve, where it is not the
// same; one that gives no certificate becomes a note.
void fetch_chains_elsewhere(net::Engine& engine, const ScanSettings& settings, Endpoint& endpoint,
                            const std::vector<net::Address>& others, std::vector<Gap>& notes);

}  // namespace rta
