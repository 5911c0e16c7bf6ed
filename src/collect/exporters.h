// Exporters that a compose project runs beside its Redis, as artefacts.
#pragma once

#include <redis_tls_audit/evidence.h>

#include <vector>

#include "files/compose/compose.h"

namespace rta {

// After the services: an exporter covers the Redis that it names among them.
void add_exporters(const std::vector<ComposeServiceReading>& services,
                   const ComposeProject& project, Evidence& evidence);

}  // namespace rta
