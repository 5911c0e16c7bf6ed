// GitWalk follows refs, reflogs and history to the blobs in which something
// was found, and says where they stand. It reads only trees that lead to one.
// For git_search.cpp. One thread.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "collect/git/git_directory.h"
#include "collect/git/git_scan.h"

namespace rta {

class GitWalk {
 public:
  using Index = GitCatalogue::Index;
  // A path ("" where no tree names the blob) and the blob there.
  using Place = std::pair<std::string, Index>;

  GitWalk(const GitCatalogue& catalogue, const GitScan& scan, const GitDirectory& git);
  void run();

  std::map<Place, std::set<std::string>> places;
  std::set<Place> at_head;
  std::set<Index> named;      // hits that some tree or tag names
  bool is_truncated = false;  // there are more places than are listed

 private:
  struct Item {
    std::string name;
    Index at = 0;
    bool is_tree = false;
  };
  struct Commit {
    std::optional<Index> tree;
    std::vector<Index> parents;
  };
  // Which places count: all, those of a path and blob without any, or those of
  // a blob that nothing names.
  enum class Only { all, new_place, unnamed };

  const std::vector<Item>& leading_items(Index tree);
  [[nodiscard]] Commit commit(Index at) const;
  void place(const std::string& path, Index blob, const std::string& where, Only only);
  void place_tree(Index tree, const std::string& where, Only only);
  void place_inside(Index tree, const std::string& folder, const std::string& where, Only only,
                    int depth);
  void place_tip(ObjectId id, const std::string& where);
  void walk_from(std::deque<Index> waiting, const std::string& where);
  void note_head();
  [[nodiscard]] bool leads_to_hit(Index tree) const { return scan_.holds_hits[tree]; }

  const GitCatalogue& catalogue_;
  const GitScan& scan_;
  const GitDirectory& git_;
  GitObjects objects_;
  std::map<Index, std::vector<Item>> trees_;
  std::set<std::pair<Index, std::string>> walked_;  // trees of history, by where they stand
  std::vector<bool> visited_;                       // commits and tags
  std::size_t placed_ = 0;
};

// Objects that a ref reaches and that are not there.
std::uint64_t count_missing(const GitCatalogue& catalogue, const GitDirectory& git);

}  // namespace rta
