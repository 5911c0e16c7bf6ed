// What the checks of the audit trail share: profiles can turn the whole family
// into information, and artefacts of the tree serve as sources and collectors.
#pragma once

#include <redis_tls_audit/check.h>

#include <string>

namespace rta::checks {

// A warn, fail or manual finding, or an info where the profile only informs.
Findings::Entry say_audit(Findings& findings, const Policy& policy, Status status, Subject subject,
                          std::string message);

// The first enabled artefact of this purpose; null when none was found.
const Artefact* artefact_for(const Evidence& evidence, Purpose purpose);

}  // namespace rta::checks
