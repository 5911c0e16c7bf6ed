// Evidence of a probe with something of everything: a Redis that was surveyed to
// the end, one with a second certificate and doubtful clients, a plaintext port,
// a foreign one and one that refuses.
#pragma once

#include <redis_tls_audit/evidence.h>

namespace rta::testing {

Evidence sample_survey();

}  // namespace rta::testing
