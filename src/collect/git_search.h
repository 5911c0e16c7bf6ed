// Searches every object of a repository for key material and says where each
// hit stands: in branches, tags, stashes, notes, history, reflogs, or nowhere
// that a ref leads to. One thread; searching uses several inside.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "collect/git_directory.h"
#include "files/key_material.h"

namespace rta {

struct BlobHit {
  std::string path;  // empty: no tree names it
  ObjectId blob{};
  std::set<std::string> places;
  bool at_head = false;
  std::vector<files::FoundMaterial> found;
};

struct SearchResult {
  std::vector<BlobHit> hits;  // sorted by path and blob
  std::uint64_t objects = 0;  // searched
  std::uint64_t missing = 0;  // reachable, but not there or damaged
  std::uint64_t too_large = 0;
  bool has_commits = false;
};

using Progress = std::function<void(const std::string&)>;

SearchResult search_objects(const GitObjects& objects, const GitDirectory& git,
                            const Progress& progress);

}  // namespace rta
