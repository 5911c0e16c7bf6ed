// read_git_refs gathers what a repository holds on to: loose and packed refs,
// HEAD, the heads of linked worktrees, and what reflogs remember. One thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "collect/git/git_files.h"
#include "files/git/git_formats.h"

namespace rta {

struct GitRef {
  std::string name;  // "refs/heads/main"; "HEAD" when it is detached
  ObjectId id{};
};

struct GitRefs {
  std::string head_ref;  // "refs/heads/main"; empty when detached
  std::optional<ObjectId> head;
  std::vector<GitRef> refs;    // sorted by name, heads of linked worktrees included
  std::vector<GitRef> logged;  // ids in reflogs, by the ref that they belong to
};

// `path` is the .git of the checkout, `common` where refs lie.
GitRefs read_git_refs(const GitFiles& files, const std::string& path, const std::string& common);

}  // namespace rta
