// What the operator names must be usable before anything is dialled: a slip in
// a flag is wrong usage, not evidence about the audited system.
#pragma once

#include <redis_tls_audit/result.h>

#include "collect/settings.h"

namespace rta {

// CA, client certificate, key and server name of every target, anchors, and
// directories that may be read.
Result<void> check_operator_files(const ScanSettings& scan);

}  // namespace rta
