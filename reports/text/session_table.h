// The part of a survey's table that finished sessions filled: certificates,
// client certificates, server names, resumption and its like. Pure; any thread.
#pragma once

#include <redis_tls_audit/facts/endpoint.h>
#include <redis_tls_audit/time.h>

#include "reports/text/page.h"

namespace rta::reports {

void write_certificates(const Endpoint& endpoint, Timestamp as_of, Page& page);
void write_sessions(const Endpoint& endpoint, Page& page);

}  // namespace rta::reports
