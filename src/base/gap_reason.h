// Why nothing was learnt from a connection that ended early. Pure; any thread.
#pragma once

#include <redis_tls_audit/observation.h>

#include "base/probe.h"

namespace rta {

GapReason gap_reason(ConnectionEnd end);

}  // namespace rta
