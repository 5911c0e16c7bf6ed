#include "checks/common/audit.h"

namespace rta::checks {

Findings::Entry say_audit(Findings& findings, const Policy& policy, Status status, Subject subject,
                          std::string message) {
  if (policy.audit.informative_only) return findings.info(std::move(subject), std::move(message));
  return findings.add(status, std::move(subject), std::move(message));
}

const Artefact* artefact_for(const Evidence& evidence, Purpose purpose) {
  for (const Artefact& artefact : evidence.artefacts)
    if (artefact.purpose == purpose && artefact.enabled && !artefact.test_or_document)
      return &artefact;
  return nullptr;
}

}  // namespace rta::checks
