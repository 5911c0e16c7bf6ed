// Questions to the artefacts of a project: which serve a purpose, and how well.
#pragma once

#include <redis_tls_audit/check.h>

#include <vector>

namespace rta::checks {

// Artefacts of a purpose, in file order; those of tests and documents, which
// run nothing, are left out unless asked for.
std::vector<const Artefact*> artefacts_for(const Evidence& evidence, Purpose purpose,
                                           bool with_documents = false);

// "ops/x.timer:4: certbot renews a certificate, weekly"
std::string told(const Artefact& artefact);

// Provenance of an artefact: declared, with its place.
Provenance provenance_of(const Artefact& artefact);

// Why nothing can be said about artefacts: no project, or not collected.
// Null when absence in the project means something.
const Gap* artefact_gap(const Evidence& evidence);

}  // namespace rta::checks
