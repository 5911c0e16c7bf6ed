// Stories about what a project schedules, watches and documents.
#pragma once

#include <doctest/doctest.h>

#include "tests/support/check_story.h"

namespace rta::testing {

inline Artefact artefact(Purpose purpose, ArtefactKind kind = ArtefactKind::systemd_timer) {
  Artefact artefact{
      .kind = kind, .purpose = purpose, .location = {"ops/story", 3, 1}, .summary = "story"};
  artefact.covers_target = true;
  return artefact;
}

// A project whose artefacts were read, and which holds these.
inline Evidence tree_with(std::vector<Artefact> artefacts) {
  Evidence evidence = story();
  evidence.artefacts_collected = true;
  evidence.artefacts = std::move(artefacts);
  return evidence;
}

}  // namespace rta::testing
