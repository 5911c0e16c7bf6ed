// The survey of endpoints as JSON, reports/schema/probe-1.json: what the
// `probe` command saw, with names beside code points. Keys are sorted; the same
// evidence gives the same bytes. Pure; any thread.
#pragma once

#include <redis_tls_audit/evidence.h>

#include <string>

namespace rta {

// Ends with a line feed.
std::string write_probe_json(const Evidence& evidence);

}  // namespace rta
