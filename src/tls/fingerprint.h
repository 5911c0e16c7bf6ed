// The behaviour fingerprint of an endpoint: a digest of how its TLS behaves,
// for telling that something has changed since the last scan. It holds what a
// library, its version and its configuration decide, and nothing that a new
// certificate or key of the same kind, the time or the address would move. Pure;
// any thread.
#pragma once

#include <redis_tls_audit/facts/session.h>
#include <redis_tls_audit/result.h>

#include <string>

namespace rta::tls {

// The canonical text that is digested, one fact a line: what to compare when
// two fingerprints differ.
std::string behaviour_text(const TlsSurvey& survey, const SessionFacts& sessions);

// "b1:" and 32 hexadecimal digits; an error names the part that stayed open,
// because half a survey would look like a change.
Result<std::string> behaviour_fingerprint(const TlsSurvey& survey, const SessionFacts& sessions);

}  // namespace rta::tls
