// git_scan reads every object once, in several threads: what was found in it,
// and how commits and trees hang together. For git_search.cpp.
#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "collect/git/git_objects.h"
#include "files/keys/key_material.h"

namespace rta {

struct GitScan {
  using Index = GitCatalogue::Index;
  using Found = std::unordered_map<Index, std::vector<files::FoundMaterial>>;

  Found blobs;
  Found messages;                // of commits and annotated tags
  std::vector<Index> commits;    // all there are
  std::vector<bool> holds_hits;  // trees: in themselves or further down; empty without hits
  bool is_closed = true;         // whatever an object names is there
  std::uint64_t objects = 0, damaged = 0, too_large = 0;
};

GitScan scan_objects(const GitCatalogue& catalogue,
                     const std::function<void(const std::string&)>& progress);

}  // namespace rta
