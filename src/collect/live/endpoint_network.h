// What the collectors that dial share: the time an endpoint has left, what the
// operator gave for it, and how an observer shakes hands with it. An endpoint
// without an address is never dialled.
#pragma once

#include <redis_tls_audit/evidence.h>
#include <redis_tls_audit/result.h>

#include <optional>
#include <string>

#include "collect/collector.h"
#include "net/engine.h"
#include "net/tls_session.h"

namespace rta {

// "redis:6379", "[::1]:6379".
std::string endpoint_key(const HostPort& place);

// Where it was dialled, or is to be dialled; nothing when it must not be.
std::optional<net::Address> dialled_address(const Endpoint& endpoint);

// The limits for the next piece of work: what the earlier ones left of the
// endpoint's time and connections.
net::Budget budget_for(const ScanSettings& settings, const Endpoint& endpoint);

// The target that the operator gave under this endpoint's key or an alias;
// null for endpoints that only the tree names. Its credentials go nowhere else.
const TargetSettings* target_of(const ScanSettings& settings, const Endpoint& endpoint);

// An observing handshake: whatever is served, nothing demanded, no client
// certificate.
net::TlsParameters observer_parameters(const ScanSettings& settings, const Endpoint& endpoint);
// The server name of hellos; an address is never sent (RFC 6066 3).
std::string name_to_ask_for(const ScanSettings& settings, const Endpoint& endpoint);

// Adds the operator's trust anchors and client certificate for this target.
Result<net::TlsParameters> with_credentials(net::TlsParameters parameters,
                                            const TargetSettings& target);

// A file that the operator named, not the tree: a regular file of at most `limit`.
Result<Bytes> read_operator_file(const std::string& path, std::size_t limit);

// The certificates of a PEM file, as DER; other blocks are left out.
std::vector<Bytes> certificates_in(ByteView pem);

// observed for a live endpoint, rehearsed for a rehearsal.
Grade grade_of(const Endpoint& endpoint);
Provenance endpoint_provenance(const Endpoint& endpoint, std::string method);

}  // namespace rta
