#include "base/tree_listing.h"

#include <redis_tls_audit/limits.h>

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <set>
#include <string_view>
#include <utility>

#include "base/path_walk.h"
#include "base/text.h"
#include "base/unique_fd.h"

namespace rta {
namespace {

// Directories that hold nobody's own files.
constexpr std::array<std::string_view, 15> kSkipped{
    ".git",          ".hg",         ".svn",       "node_modules", "bower_components",
    ".venv",         "__pycache__", ".tox",       ".nox",         ".mypy_cache",
    ".pytest_cache", ".ruff_cache", ".terraform", ".gradle",      "CMakeFiles"};
// A directory that contains one of these was made by a tool: a Python
// environment, CMake's output, a cache (https://bford.info/cachedir/).
constexpr std::array<std::string_view, 3> kMarkers{"pyvenv.cfg", "CMakeCache.txt", "CACHEDIR.TAG"};
// Of all paths together: deep hostile trees have few files and long names.
constexpr std::size_t kPathBytes = 64 * limits::kMiB;

class Lister {
 public:
  void enter(int directory, const std::string& path, std::size_t depth);
  TreeListing finish() &&;

 private:
  void add(int directory, const std::string& name, const std::string& path, std::size_t depth);
  bool names_of(int directory, const std::string& path, std::vector<std::string>& names);
  void note(GapReason reason, std::string detail);
  [[nodiscard]] bool full() const {
    return listing_.entries.size() >= limits::kFilesInProject || path_bytes_ >= kPathBytes;
  }

  TreeListing listing_;
  std::set<std::pair<dev_t, ino_t>> visited_;
  std::size_t path_bytes_ = 0;
};

// The first reason is kept: it is the one to act on.
void Lister::note(GapReason reason, std::string detail) {
  if (!listing_.gap) listing_.gap = Gap{reason, std::move(detail), {}};
}

bool Lister::names_of(int directory, const std::string& path, std::vector<std::string>& names) {
  UniqueFd readable{::openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  DIR* opened = readable ? ::fdopendir(readable.get()) : nullptr;
  if (opened == nullptr) {
    note(GapReason::incomplete, file_gap(errno, path.empty() ? "." : path).detail);
    return false;
  }
  readable.release();  // closedir closes it
  const std::unique_ptr<DIR, int (*)(DIR*)> stream{opened, ::closedir};
  while (const dirent* entry = ::readdir(stream.get())) {
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    if (names.size() >= limits::kFilesInProject) {
      note(GapReason::too_large, printable(path) + " has too many entries");
      break;
    }
    names.emplace_back(name);
  }
  std::ranges::sort(names);
  return true;
}

void Lister::add(int directory, const std::string& name, const std::string& path,
                 std::size_t depth) {
  const UniqueFd entry = open_name(directory, name, O_PATH);
  struct stat status{};
  if (!entry || ::fstat(entry.get(), &status) != 0) return;  // removed meanwhile
  if (S_ISDIR(status.st_mode)) {
    if (std::ranges::find(kSkipped, name) != kSkipped.end()) return;
    if (!visited_.emplace(status.st_dev, status.st_ino).second) return;
    enter(entry.get(), path, depth + 1);
    return;
  }
  path_bytes_ += path.size();
  listing_.entries.push_back({path, S_ISREG(status.st_mode), S_ISLNK(status.st_mode),
                              static_cast<std::uint64_t>(status.st_size)});
}

void Lister::enter(int directory, const std::string& path, std::size_t depth) {
  if (depth > limits::kDirectoryDepth) {
    note(GapReason::too_large,
         fmt::format("{} is deeper than {} directories", printable(path), limits::kDirectoryDepth));
    return;
  }
  std::vector<std::string> names;
  if (!names_of(directory, path, names)) return;
  if (!path.empty())
    for (const std::string_view marker : kMarkers)
      if (std::ranges::binary_search(names, marker)) return;
  for (const std::string& name : names) {
    if (full()) {
      note(GapReason::too_large,
           fmt::format("the project holds more than {} files; the rest was not "
                       "looked at",
                       listing_.entries.size()));
      return;
    }
    add(directory, name, path.empty() ? name : path + "/" + name, depth);
  }
}

TreeListing Lister::finish() && {
  std::ranges::sort(listing_.entries, {}, &TreeEntry::path);
  return std::move(listing_);
}

}  // namespace

TreeListing list_tree(int root) {
  Lister lister;
  lister.enter(root, "", 0);
  return std::move(lister).finish();
}

}  // namespace rta
