// Searches every object of a repository for key material and says where each
// hit stands: in branches, tags, stashes, notes, history, reflogs, or nowhere
// that a ref leads to. One thread; searching uses several inside.
//
// Every object is read once: blobs and messages are searched, trees and
// commits asked whether all that they name is there. Only where something was
// found, or something is missing, the history is walked to tell where.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "collect/git/git_catalogue.h"
#include "collect/git/git_directory.h"
#include "files/keys/key_material.h"

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
  std::uint64_t missing = 0;  // reachable, but not there
  std::uint64_t damaged = 0;
  std::uint64_t too_large = 0;
  bool has_commits = false;
  std::vector<std::string> problems;  // what could not be listed
};

using Progress = std::function<void(const std::string&)>;

SearchResult search_objects(const GitCatalogue& catalogue, const GitDirectory& git,
                            const Progress& progress);

}  // namespace rta
