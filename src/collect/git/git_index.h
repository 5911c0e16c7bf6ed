// GitIndex is the index of a checkout: what is tracked, and what git was told
// about it. Read by libgit2 as a file, without a repository. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/file_system.h"
#include "files/git/git_formats.h"

namespace rta {

struct GitIndexEntry {
  ObjectId blob{};
  std::int64_t modified = 0;  // seconds
  std::uint32_t nanoseconds = 0;
  std::uint64_t size = 0;
  bool is_submodule = false;
  bool assume_unchanged = false;
  bool skip_worktree = false;
};

struct GitIndex {
  std::map<std::string, GitIndexEntry> entries;
  std::vector<std::pair<std::string, ObjectId>> unmerged;  // further sides of a conflict
  std::int64_t written = 0;                                // when the file itself was
  [[nodiscard]] bool tracks(const std::string& path) const { return entries.contains(path); }
  // The path, or anything below it.
  [[nodiscard]] bool tracks_in(const std::string& path) const;
};

// An empty one when nothing was ever added; a Gap when it cannot be read.
Observation<GitIndex> read_git_index(const ProjectFiles& files, const std::string& path);

}  // namespace rta
