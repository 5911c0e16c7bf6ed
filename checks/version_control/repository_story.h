// Evidence about a repository, for the stories of this family.
#pragma once

#include "tests/support/check_story.h"

namespace rta::testing {

inline Evidence repository_story() {
  Evidence evidence = story();
  Repository repository;
  repository.is_repository = true;
  repository.has_commits = true;
  repository.index_read = true;
  repository.history_complete = true;
  repository.tracked_files = 12;
  repository.objects_searched = 40;
  evidence.repository = std::move(repository);
  return evidence;
}

inline MaterialHit& add_hit(Evidence& evidence, std::string path, Material material,
                            std::vector<std::string> places) {
  MaterialHit& hit = evidence.repository.value()->hits.emplace_back();
  hit.path = std::move(path);
  hit.blob = std::string(40, 'a');
  hit.material = material;
  hit.places = std::move(places);
  hit.line = 1;
  for (const std::string& place : hit.places) hit.tracked = hit.tracked || place == "index";
  return hit;
}

}  // namespace rta::testing
