// GitDirectory is what the plain files of a .git say: where objects lie, the
// refs and reflogs, whether the history is whole. Read as data, beneath the
// project's root; a .git that points elsewhere, links inside it and alternates
// outside are Gaps. One thread.
#pragma once

#include <redis_tls_audit/observation.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/file_system.h"
#include "collect/git/git_refs.h"
#include "files/git/gitignore.h"

namespace rta {

struct GitDirectory : GitRefs {
  std::string path;    // ".git", relative to the project; where HEAD and index lie
  std::string common;  // where objects and refs lie: the same, or a main repository
  std::vector<std::string> object_directories;  // absolute; own first, then alternates
  std::vector<std::string> worktrees;           // of linked worktrees: ".git/worktrees/NAME"
  std::vector<std::string> modules;             // of submodules: ".git/modules/NAME"
  std::string work_tree;  // core.worktree of a submodule, relative to the project
  bool shallow = false;
  bool sparse = false;
  bool partial = false;
  bool ignores_case = false;  // core.ignorecase
  std::string excludes_file;  // core.excludesFile, as written
  std::vector<Gap> gaps;      // that leave the history incomplete
  std::vector<Gap> notes;     // that do not
};

// Of the project. A Gap not_found when it has no .git.
Observation<GitDirectory> read_git_directory(const ProjectFiles& files);
// Of a submodule, whose git directory is known.
Observation<GitDirectory> read_git_directory_at(const ProjectFiles& files, const std::string& path);

}  // namespace rta
