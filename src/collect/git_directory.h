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
#include "collect/git_objects.h"
#include "files/gitignore.h"

namespace rta {

struct GitRef {
  std::string name;  // "refs/heads/main"; "HEAD" when it is detached
  ObjectId id{};
};

struct GitDirectory {
  std::string path;      // ".git", relative to the project; where HEAD and index lie
  std::string common;    // where objects and refs lie: the same, or a main repository
  std::string head_ref;  // "refs/heads/main"; empty when detached
  std::optional<ObjectId> head;
  std::vector<GitRef> refs;    // sorted by name, heads of linked worktrees included
  std::vector<GitRef> logged;  // ids in reflogs, by the ref that they belong to
  std::vector<std::string> object_directories;  // absolute; alternates inside the tree included
  std::vector<std::string> submodule_objects;   // absolute, of .git/modules
  bool shallow = false;
  bool partial = false;
  bool ignores_case = false;  // core.ignorecase
  std::string excludes_file;  // core.excludesFile, as written
  std::vector<Gap> gaps;      // that leave the history incomplete
  std::vector<Gap> notes;     // that do not
};

// A Gap not_found when the project has no .git.
Observation<GitDirectory> read_git_directory(const ProjectFiles& files);

// The ignore rules of the work tree, with this clone's own excludes.
std::unique_ptr<files::GitIgnore> make_ignore_rules(const ProjectFiles& files,
                                                    const GitDirectory& git);

}  // namespace rta
