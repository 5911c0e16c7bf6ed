#include "collect/git/git_index.h"

#include <git2.h>
#include <redis_tls_audit/limits.h>
#include <sys/stat.h>

#include <algorithm>
#include <memory>

#include "base/text.h"
#include "collect/git/git_objects.h"

namespace rta {
namespace {

constexpr std::size_t kLargestIndex = 256 * limits::kMiB;

GitIndexEntry entry_of(const git_index_entry& raw) {
  GitIndexEntry entry;
  std::copy_n(raw.id.id, entry.blob.size(), entry.blob.begin());
  entry.modified = raw.mtime.seconds;
  entry.nanoseconds = raw.mtime.nanoseconds;
  entry.size = raw.file_size;
  entry.is_submodule = raw.mode == GIT_FILEMODE_COMMIT;
  entry.assume_unchanged = (raw.flags & GIT_INDEX_ENTRY_VALID) != 0;
  entry.skip_worktree = (raw.flags_extended & GIT_INDEX_ENTRY_SKIP_WORKTREE) != 0;
  return entry;
}

}  // namespace

bool GitIndex::tracks_in(const std::string& path) const {
  if (entries.contains(path)) return true;
  const auto below = entries.lower_bound(path + "/");
  return below != entries.end() && below->first.starts_with(path + "/");
}

Observation<GitIndex> read_git_index(const ProjectFiles& files, const std::string& path) {
  GitIndex index;
  const Observation<FileFacts> facts = files.inspect(path);
  if (!facts.has_value() && facts.gap()->reason == GapReason::not_found) return index;
  start_git_library();
  const std::string absolute = path.starts_with('/') ? path : files.root() + "/" + path;
  git_index* raw = nullptr;
  struct stat status{};
  const bool readable =
      facts.has_value() && facts->links.empty() && facts->size_bytes <= kLargestIndex &&
      ::lstat(absolute.c_str(), &status) == 0 && git_index_open(&raw, absolute.c_str()) == 0;
  const std::unique_ptr<git_index, void (*)(git_index*)> opened{raw, git_index_free};
  if (!readable)
    return Gap{GapReason::malformed,
               "the index of the repository (" + printable(path) + ") cannot be read",
               "git status; git fsck"};
  index.written = status.st_mtime;
  for (std::size_t i = 0; i < git_index_entrycount(opened.get()); ++i) {
    const git_index_entry* entry = git_index_get_byindex(opened.get(), i);
    if (!index.entries.try_emplace(entry->path, entry_of(*entry)).second)
      index.unmerged.emplace_back(entry->path, entry_of(*entry).blob);
  }
  return index;
}

}  // namespace rta
