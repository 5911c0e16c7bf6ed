// The collector of Endpoint::tls.
#pragma once

#include "collect/collector.h"

namespace rta {

// Surveys every endpoint whose port speaks TLS, or whose port was not
// classified, at the address where it was dialled; fills Endpoint::tls and
// adds to its footprint. A port that speaks something else becomes a Gap.
void collect_tls_surveys(CollectContext& context, Evidence& evidence);

}  // namespace rta
