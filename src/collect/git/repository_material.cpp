#include "collect/git/repository_material.h"

#include <fmt/format.h>
#include <redis_tls_audit/limits.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/text.h"
#include "collect/git/material_hits.h"
#include "files/git/git_config.h"

namespace rta {
namespace {

constexpr int kSubmoduleDepth = 8;

bool is_below(std::string_view path, std::string_view folder) {
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

class Finder {
 public:
  Finder(RepositoryReading& reading, const Progress& progress, Repository& repository)
      : reading_(reading),
        files_(reading.files),
        progress_(progress),
        repository_(repository),
        hits_(repository.hits) {}

  void run() {
    search_objects_of_project();
    search_submodules(reading_.git, reading_.index, "", 0);
    search_work_tree();
    if (hits_.is_truncated())
      incomplete({GapReason::too_large, "there is more key material than is listed", ""});
    hits_.sort();
  }

 private:
  using FoundIn = std::map<ObjectId, const std::vector<files::FoundMaterial>*>;

  void search_objects_of_project();
  void add_staged(const GitIndex& index, const FoundIn& found_in);
  void add_one_staged(const std::string& path, const ObjectId& blob, const FoundIn& found_in);
  void search_submodules(const GitDirectory& git, const GitIndex& index, const std::string& folder,
                         int depth);
  void search_submodule(const std::string& git_path, const std::string& folder, int depth);
  [[nodiscard]] std::string name_of_submodule(const std::string& top,
                                              const std::string& path) const;
  [[nodiscard]] std::string find_submodule(const GitDirectory& git, const std::string& top,
                                           const std::string& path);
  void search_work_tree();
  void search_file(const TreeEntry& entry);
  [[nodiscard]] bool is_unchanged(const TreeEntry& entry, const GitIndexEntry& tracked) const;
  [[nodiscard]] std::string place_of_file(const std::string& path);
  void note_losses(const SearchResult& result, const std::string& where);
  void incomplete(Gap gap) {
    repository_.history_complete = false;
    repository_.gaps.push_back(std::move(gap));
  }

  RepositoryReading& reading_;
  const ProjectFiles& files_;
  const Progress& progress_;
  Repository& repository_;
  MaterialHits hits_;
  std::set<ObjectId> staged_;
  std::uint64_t unstored_ = 0;  // staged, but not there
  std::set<std::string> submodule_folders_, searched_modules_;
};

void Finder::note_losses(const SearchResult& result, const std::string& where) {
  const std::uint64_t lost = result.missing + result.damaged;
  if (lost > 0)
    incomplete({GapReason::incomplete,
                fmt::format("{} missing or damaged in {}",
                            counted(lost, "object is", "objects are"), where),
                "git fsck; git fetch"});
  if (result.too_large > 0)
    incomplete({GapReason::too_large,
                fmt::format("{} too large to be searched (more than 48 MiB, or deflated without "
                            "measure) in {}",
                            counted(result.too_large, "object is", "objects are"), where),
                "git cat-file --batch-all-objects --batch-check"});
  for (const std::string& problem : result.problems)
    incomplete({GapReason::malformed, problem, "git fsck"});
}

void Finder::search_objects_of_project() {
  SearchResult result = search_objects(reading_.catalogue, reading_.git, progress_);
  repository_.has_commits = result.has_commits;
  repository_.objects_searched = result.objects;
  FoundIn found_in;
  for (const BlobHit& hit : result.hits) found_in[hit.blob] = &hit.found;
  add_staged(reading_.index, found_in);
  for (const LinkedWorktree& worktree : reading_.worktrees) add_staged(worktree.index, found_in);
  for (const BlobHit& hit : result.hits) {
    if (hit.places.contains("unreachable") && staged_.contains(hit.blob)) continue;
    const std::vector<std::string> places{hit.places.begin(), hit.places.end()};
    hits_.add(hit.path, hit.blob, hit.found, places, hit.at_head);
  }
  result.missing += unstored_;
  note_losses(result, "the repository");
}

void Finder::add_staged(const GitIndex& index, const FoundIn& found_in) {
  for (const auto& [path, entry] : index.entries)
    if (!entry.is_submodule) add_one_staged(path, entry.blob, found_in);
  for (const auto& [path, blob] : index.unmerged) add_one_staged(path, blob, found_in);
}

void Finder::add_one_staged(const std::string& path, const ObjectId& blob,
                            const FoundIn& found_in) {
  static const std::array<std::string, 1> kIndex{"index"};
  const GitCatalogue::Index at = reading_.catalogue.find(blob);
  // The empty blob of `git add --intent-to-add` need not be stored.
  static const ObjectId kEmpty = GitObjects::id_of_blob({});
  if (at == GitCatalogue::kNone) unstored_ += blob != kEmpty ? 1U : 0U;
  const auto found = found_in.find(blob);
  if (found == found_in.end()) return;
  staged_.insert(blob);
  hits_.add(path, blob, *found->second, kIndex, true);
  if (at != GitCatalogue::kNone && reading_.catalogue[at].borrowed)
    hits_.add_place(path, blob, "alternates");
}

// What .gitmodules calls the submodule at `path`; its path is the usual name.
std::string Finder::name_of_submodule(const std::string& top, const std::string& path) const {
  const Observation<OpenedFile> opened =
      files_.read(top.empty() ? ".gitmodules" : top + "/.gitmodules", limits::kTextFile);
  if (!opened.has_value()) return path;
  for (const files::GitConfigEntry& entry : files::parse_git_config(as_text(opened->bytes)).entries)
    if (entry.section == "submodule" && entry.key == "path" && entry.value == path)
      return entry.subsection;
  return path;
}

// Where the git directory of the submodule at `path`, below `top`, lies; empty:
// not here. It stays where it is when the submodule is taken out of the checkout.
std::string Finder::find_submodule(const GitDirectory& git, const std::string& top,
                                   const std::string& path) {
  const std::string folder = top.empty() ? path : top + "/" + path;
  if (files_.is_directory(folder + "/.git/objects")) return folder + "/.git";
  std::vector<Gap> unread;  // told as a submodule that is not here
  const GitFiles reader{files_, unread};
  const std::string line =
      files_.exists(folder + "/.git") ? reader.first_line(folder + "/.git") : "";
  if (line.starts_with("gitdir:")) {
    const std::string named =
        reader.resolve(folder, std::string{trim(std::string_view{line}.substr(7))});
    if (files_.is_directory(named + "/objects")) return named;
  }
  std::string stored = git.common + "/modules/" + name_of_submodule(top, path);
  if (std::ranges::find(git.modules, stored) != git.modules.end()) return stored;
  for (const std::string& module : git.modules)
    if (const Observation<GitDirectory> inner = read_git_directory_at(files_, module);
        inner.has_value() && inner->work_tree == folder)
      return module;
  return {};
}

// A submodule is a repository of its own; its objects lie in .git/modules, and
// stay there when it is taken out of the checkout again.
void Finder::search_submodules(const GitDirectory& git, const GitIndex& index,
                               const std::string& folder, int depth) {
  std::set<std::string> expected;
  for (const auto& [path, entry] : index.entries)
    if (entry.is_submodule) expected.insert(path);
  for (const std::string& name : expected) {
    const std::string path = folder.empty() ? name : folder + "/" + name;
    submodule_folders_.insert(path);
    const std::string found = find_submodule(git, folder, name);
    if (found.empty() || depth >= kSubmoduleDepth)
      incomplete(
          {GapReason::incomplete,
           fmt::format("the submodule {} is not checked out with the repository", printable(path)),
           "git submodule update --init --recursive"});
    else
      search_submodule(found, path, depth);
  }
  for (const std::string& module : git.modules)
    if (!searched_modules_.contains(module)) search_submodule(module, "", depth);
}

void Finder::search_submodule(const std::string& git_path, const std::string& folder, int depth) {
  if (!searched_modules_.insert(git_path).second) return;
  const Observation<GitDirectory> inner = read_git_directory_at(files_, git_path);
  if (!inner.has_value()) {
    incomplete(*inner.gap());
    return;
  }
  for (const Gap& gap : inner->gaps) incomplete(gap);
  if (inner->object_directories.empty()) return;
  const std::string place = folder.empty() ? inner->work_tree : folder;
  const GitCatalogue catalogue{inner->object_directories};
  const SearchResult result = search_objects(catalogue, *inner, progress_);
  static const std::array<std::string, 1> kSubmodule{"submodule"};
  for (const BlobHit& hit : result.hits) {
    const std::string path = hit.path.empty() || place.empty() ? hit.path : place + "/" + hit.path;
    hits_.add(path, hit.blob, hit.found, kSubmodule, false);
  }
  note_losses(result, "the submodule " + printable(place.empty() ? git_path : place));
  if (const Observation<GitIndex> index = read_git_index(files_, git_path + "/index");
      index.has_value())
    search_submodules(*inner, *index, place, depth + 1);
}

// As git itself decides: same time and size, and not written in the same
// second as the index (racy-git).
bool Finder::is_unchanged(const TreeEntry& entry, const GitIndexEntry& tracked) const {
  struct stat facts{};
  return tracked.modified < reading_.index.written && entry.size_bytes == tracked.size &&
         reading_.catalogue.find(tracked.blob) != GitCatalogue::kNone &&
         ::lstat((files_.root() + "/" + entry.path).c_str(), &facts) == 0 &&
         facts.st_mtime == tracked.modified &&
         facts.st_mtim.tv_nsec == static_cast<long>(tracked.nanoseconds);
}

std::string Finder::place_of_file(const std::string& path) {
  if (reading_.index.tracks(path)) return "worktree";
  for (const std::string& folder : submodule_folders_)
    if (is_below(path, folder)) return "submodule";
  for (const LinkedWorktree& worktree : reading_.worktrees)
    if (!worktree.folder.empty() && is_below(path, worktree.folder) &&
        worktree.index.tracks(path.substr(worktree.folder.size() + 1)))
      return "worktree";
  return reading_.rules.here(path).ignored ? "worktree-ignored" : "worktree-untracked";
}

void Finder::search_file(const TreeEntry& entry) {
  const auto tracked = reading_.index.entries.find(entry.path);
  if (tracked != reading_.index.entries.end() && is_unchanged(entry, tracked->second)) {
    hits_.add_place(entry.path, tracked->second.blob, "worktree");
    return;
  }
  const Observation<OpenedFile> opened = files_.read(entry.path, limits::kTextFile);
  if (!opened.has_value() || !files::may_hold_material(opened->bytes)) return;
  const std::vector<files::FoundMaterial> found = files::find_material(opened->bytes);
  if (found.empty()) return;
  const std::array<std::string, 1> place{place_of_file(entry.path)};
  hits_.add(entry.path, GitObjects::id_of_blob(opened->bytes), found, place, false);
}

void Finder::search_work_tree() {
  if (reading_.git.path == ".") return;  // a bare repository has none
  for (const TreeEntry& entry : files_.listing().entries)
    if (entry.is_regular && entry.size_bytes <= limits::kTextFile) search_file(entry);
}

}  // namespace

void find_repository_material(RepositoryReading& reading, const Progress& progress,
                              Repository& repository) {
  Finder{reading, progress, repository}.run();
}

}  // namespace rta
