// Endpoints beside each other: what one of them waits for costs the others
// nothing. Within an endpoint everything stays one after another.
#pragma once

#include <redis_tls_audit/evidence.h>

#include <functional>
#include <span>

namespace rta {

// Calls `work` once for each endpoint, for at most sixteen at a time, in
// threads of its own; returns when all are done. `work` may change the endpoint
// that it is given and the notes, which join `scope` in the endpoints' order;
// everything else it may only read. What it throws is thrown here, the first
// endpoint's first, after the others have ended.
void side_by_side(std::span<Endpoint* const> endpoints, Scope& scope,
                  const std::function<void(Endpoint&, std::vector<Gap>& notes)>& work);

}  // namespace rta
