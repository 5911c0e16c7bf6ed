#include "checks/common/artefacts.h"

namespace rta::checks {

std::vector<const Artefact*> artefacts_for(const Evidence& evidence, Purpose purpose,
                                           bool with_documents) {
  std::vector<const Artefact*> chosen;
  for (const Artefact& artefact : evidence.artefacts)
    if (artefact.purpose == purpose && (with_documents || !artefact.test_or_document))
      chosen.push_back(&artefact);
  return chosen;
}

std::string told(const Artefact& artefact) {
  return fmt::format("{}: {}", artefact.location.text(), artefact.summary);
}

Provenance provenance_of(const Artefact& artefact) {
  return {"artefacts", "", artefact.location, std::string{name_of(artefact.kind)}, Grade::declared};
}

const Gap* artefact_gap(const Evidence& evidence) {
  static const Gap no_project{GapReason::not_requested,
                              "no project was given, so its schedules and rules were not seen",
                              "name the project's directory"};
  static const Gap not_collected{GapReason::incomplete,
                                 "the project's schedules and rules were not read", ""};
  if (!evidence.scope.project) return &no_project;
  return evidence.artefacts_collected ? nullptr : &not_collected;
}

}  // namespace rta::checks
