// RepositoryReading is a checkout opened for reading: its .git, its indexes,
// the list of its objects and its ignore rules. The collector and the tests'
// programs start from here. One thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "collect/git/ignore_rules.h"

namespace rta {

// A linked worktree (git worktree add) of this repository.
struct LinkedWorktree {
  std::string folder;  // relative to the project; empty when it lies outside
  GitIndex index;
};

struct RepositoryReading {
  RepositoryReading(const ProjectFiles& project, GitDirectory directory);
  RepositoryReading(const RepositoryReading&) = delete;
  RepositoryReading& operator=(const RepositoryReading&) = delete;

  const ProjectFiles& files;
  GitDirectory git;
  bool index_read = true;
  std::vector<Gap> gaps;  // that leave the history incomplete, beside those of `git`
  GitIndex index;
  std::vector<LinkedWorktree> worktrees;
  GitCatalogue catalogue;
  IgnoreRules rules;

 private:
  GitIndex read_index();
  std::vector<LinkedWorktree> read_worktrees();
};

// A Gap when there is no repository or it cannot be read at all.
Observation<std::shared_ptr<RepositoryReading>> open_repository(const ProjectFiles& files);

}  // namespace rta
