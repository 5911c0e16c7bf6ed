#include "collect/git/git_directory.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "base/text.h"
#include "files/git/git_config.h"

namespace rta {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostEntries = 2'000'000;
constexpr std::size_t kShallowFile = 16 * limits::kMiB;
constexpr int kAlternateDepth = 5;
constexpr int kModuleDepth = 8;

// Every entry below a folder, links not followed; false when there is one.
class Links {
 public:
  static bool none_below(const std::string& folder) {
    Links look;
    return look.walk(folder, 0);
  }

 private:
  bool walk(const std::string& folder, int depth) {
    struct stat facts{};
    if (::lstat(folder.c_str(), &facts) != 0) return true;
    if (!S_ISDIR(facts.st_mode) || depth > 8) return false;
    std::error_code failed;
    for (fs::directory_iterator entry{folder, failed}, end; !failed && entry != end;
         entry.increment(failed)) {
      if (++entries_ > kMostEntries) return false;
      const fs::file_status status = entry->symlink_status(failed);
      if (fs::is_directory(status) ? !walk(entry->path().string(), depth + 1)
                                   : !fs::is_regular_file(status))
        return false;
    }
    return !failed;
  }
  std::size_t entries_ = 0;
};

class Reader {
 public:
  explicit Reader(const ProjectFiles& files) : project_(files), files_(files, git_.gaps) {}
  Observation<GitDirectory> read();
  Observation<GitDirectory> read_at(const std::string& path);

 private:
  std::optional<Gap> find();
  std::optional<Gap> find_common();
  Observation<GitDirectory> read_found();
  void read_config(const std::string& path);
  void add_objects(const std::string& folder, int depth);
  void add_modules(const std::string& folder, int depth);
  void look_for_promisors();
  void note_what_is_left_out();
  void note_owner();

  const ProjectFiles& project_;
  GitDirectory git_;
  GitFiles files_;
  bool sha256_ = false;
};

std::optional<Gap> Reader::find() {
  struct stat facts{};
  git_.path = ".git";
  if (::lstat(files_.absolute(".git").c_str(), &facts) != 0) {
    const bool bare = project_.exists("HEAD") && project_.is_directory("objects") &&
                      project_.is_directory("refs");
    if (!bare)
      return Gap{GapReason::not_found,
                 "the project has no .git: it is not the top of a git checkout",
                 "run the audit on a checkout with its .git directory"};
    git_.path = ".";
  } else if (S_ISLNK(facts.st_mode)) {
    return Gap{GapReason::outside_scope, ".git is a symbolic link and is not followed",
               "run the audit on the repository itself"};
  } else if (S_ISREG(facts.st_mode)) {
    const std::string line = files_.first_line(".git");
    if (!line.starts_with("gitdir:"))
      return Gap{GapReason::malformed, ".git is a file without gitdir:", ""};
    git_.path = files_.resolve("", std::string{trim(std::string_view{line}.substr(7))});
    if (!files_.may_enter(git_.path))
      return Gap{GapReason::outside_scope,
                 fmt::format(".git points to {}, outside the project", printable(git_.path)),
                 "run the audit on the main checkout, or name its .git with --allow-path"};
  } else if (!S_ISDIR(facts.st_mode)) {
    return Gap{GapReason::malformed, ".git is neither a folder nor a file", ""};
  }
  return find_common();
}

std::optional<Gap> Reader::find_common() {
  git_.common = git_.path;
  const std::optional<std::string> common = files_.text(git_.path + "/commondir");
  if (!common) return std::nullopt;
  git_.common = files_.resolve(
      git_.path, std::string{trim(std::string_view{*common}.substr(0, common->find('\n')))});
  if (files_.may_enter(git_.common)) return std::nullopt;
  return Gap{GapReason::outside_scope,
             fmt::format("the objects of this checkout lie in {}, outside the project",
                         printable(git_.common)),
             "run the audit on the main checkout"};
}

// Only what decides how data is read; nothing in it is obeyed otherwise.
void Reader::read_config(const std::string& path) {
  const std::optional<std::string> text = files_.text(path);
  if (!text) return;
  const files::GitConfig config = files::parse_git_config(*text);
  if (!config.is_whole)
    files_.note(GapReason::malformed, printable(path) + " cannot be understood to its end",
                "git config --list");
  git_.ignores_case = git_.ignores_case || config.is_true("core", "ignorecase");
  git_.sparse = git_.sparse || config.is_true("core", "sparsecheckout");
  if (const auto excludes = config.last("core", "excludesfile")) git_.excludes_file = *excludes;
  if (const auto tree = config.last("core", "worktree"))
    git_.work_tree = files_.resolve(git_.path, *tree);
  if (const auto format = config.last("extensions", "objectformat"))
    sha256_ = lower_ascii(*format) != "sha1";
  if (config.last("extensions", "partialclone")) git_.partial = true;
  if (const auto storage = config.last("extensions", "refstorage");
      storage && lower_ascii(*storage) != "files")
    files_.note(GapReason::unsupported, "refs are stored in a form that is not read here", "");
}

void Reader::add_objects(const std::string& folder, int depth) {
  if (!files_.may_enter(folder)) {
    files_.note(GapReason::outside_scope,
                depth == 0
                    ? fmt::format("{} is no folder inside the project", printable(folder))
                    : fmt::format("objects are borrowed from {} (alternates), which is outside the "
                                  "project or missing",
                                  printable(folder)),
                "git repack -a -d && rm .git/objects/info/alternates; or --allow-path that folder");
    return;
  }
  const std::string absolute = files_.absolute(folder);
  if (std::ranges::find(git_.object_directories, absolute) != git_.object_directories.end()) return;
  if (!Links::none_below(absolute)) {
    files_.note(GapReason::outside_scope,
                fmt::format("{} holds links or special files and is not read", printable(folder)),
                "run the audit on a fresh clone");
    return;
  }
  git_.object_directories.push_back(absolute);
  const std::optional<std::string> alternates = files_.text(folder + "/info/alternates");
  if (!alternates) return;
  for (const std::string_view line : split(*alternates, '\n')) {
    const std::string_view target = trim(line);
    if (target.empty() || target.front() == '#') continue;
    if (depth < kAlternateDepth)
      add_objects(files_.resolve(folder, std::string{target}), depth + 1);
    else
      files_.note(GapReason::too_large, "alternates lead on and on and are not followed further",
                  "");
  }
}

void Reader::add_modules(const std::string& folder, int depth) {
  for (const GitFiles::Entry& entry : files_.entries(folder)) {
    if (!entry.is_folder || depth > kModuleDepth) continue;
    const std::string inner = folder + "/" + entry.name;
    if (files_.may_enter(inner + "/objects"))
      git_.modules.push_back(inner);
    else
      add_modules(inner, depth + 1);
  }
}

void Reader::look_for_promisors() {
  std::error_code failed;
  for (const std::string& folder : git_.object_directories)
    for (const fs::directory_entry& entry : fs::directory_iterator{folder + "/pack", failed})
      if (entry.path().extension() == ".promisor") git_.partial = true;
}

void Reader::note_what_is_left_out() {
  if (git_.partial)
    files_.note(GapReason::incomplete, "this is a partial clone: objects were left on the server",
                "run the audit on a full clone (without --filter)");
  git_.shallow = !trim(files_.text(git_.common + "/shallow", kShallowFile).value_or("")).empty();
  if (git_.shallow)
    files_.note(GapReason::incomplete, "this is a shallow clone: the older history is not here",
                "git fetch --unshallow; in GitHub Actions give actions/checkout fetch-depth: 0");
  if (git_.sparse)
    files_.note(GapReason::incomplete,
                "this is a sparse checkout: not all tracked files are in the work tree",
                "git sparse-checkout disable");
}

// git itself refuses such a repository, because it would obey its
// configuration; reading it as data is safe, so it is only told.
void Reader::note_owner() {
  struct stat facts{};
  if (::lstat(files_.absolute(git_.path).c_str(), &facts) != 0 || facts.st_uid == ::geteuid())
    return;
  git_.notes.push_back(
      {GapReason::outside_scope,
       fmt::format(
           "the repository belongs to user id {}, the audit runs as {}; it was read as data only",
           facts.st_uid, ::geteuid()),
       ""});
}

Observation<GitDirectory> Reader::read_found() {
  read_config(git_.common + "/config");
  read_config(git_.path + "/config.worktree");
  if (sha256_)
    return {Gap{GapReason::unsupported,
                "the repository uses SHA-256 object names, which are not read here",
                "git clone it into a SHA-1 repository, or attest the item"},
            {}};
  static_cast<GitRefs&>(git_) = read_git_refs(files_, git_.path, git_.common);
  for (const GitFiles::Entry& entry : files_.entries(git_.common + "/worktrees"))
    if (entry.is_folder) git_.worktrees.push_back(git_.common + "/worktrees/" + entry.name);
  add_objects(git_.common + "/objects", 0);
  add_modules(git_.common + "/modules", 0);
  look_for_promisors();
  note_what_is_left_out();
  note_owner();
  return {std::move(git_), {}};
}

Observation<GitDirectory> Reader::read() {
  if (std::optional<Gap> gap = find()) return {*std::move(gap), {}};
  return read_found();
}

Observation<GitDirectory> Reader::read_at(const std::string& path) {
  git_.path = path;
  if (std::optional<Gap> gap = find_common()) return {*std::move(gap), {}};
  return read_found();
}

}  // namespace

Observation<GitDirectory> read_git_directory(const ProjectFiles& files) {
  return Reader{files}.read();
}

Observation<GitDirectory> read_git_directory_at(const ProjectFiles& files,
                                                const std::string& path) {
  return Reader{files}.read_at(path);
}

}  // namespace rta
