// Recorded evidence is judged by the bytes it keeps: see tls/replay.h.
#pragma once

#include <redis_tls_audit/evidence.h>

namespace rta {

// Derives the claims about TLS anew for every endpoint; what was recorded
// otherwise is corrected and becomes a note of the scope. Pure.
void follow_recorded_bytes(Evidence& evidence);

}  // namespace rta
