// What a profile forbids on the wire, as code points: the questions of a gate.
#pragma once

#include <redis_tls_audit/policy.h>

#include "tls/gate.h"

namespace rta::checks {

tls::GatePlan gate_plan(const Policy& policy);

}  // namespace rta::checks
