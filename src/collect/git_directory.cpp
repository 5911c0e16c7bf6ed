#include "collect/git_directory.h"

#include <fmt/format.h>
#include <redis_tls_audit/limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/text.h"

namespace rta {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPackedRefs = 64 * limits::kMiB;
constexpr std::size_t kReflog = 16 * limits::kMiB;
constexpr std::size_t kMostRefs = 200'000;
constexpr std::size_t kMostEntries = 2'000'000;
constexpr int kAlternateDepth = 5;

std::optional<std::string> text_of(const ProjectFiles& files, const std::string& path,
                                   std::size_t limit = limits::kTextFile) {
  const Observation<OpenedFile> opened = files.read(path, limit);
  if (!opened.has_value()) return std::nullopt;
  return std::string{as_text(opened->bytes)};
}

std::string first_line(std::string_view text) {
  return std::string{trim(text.substr(0, text.find('\n')))};
}

// Where `target`, written in a file of `folder`, leads; relative to the root.
std::string resolve(const ProjectFiles& files, const std::string& folder,
                    const std::string& target) {
  const fs::path path =
      fs::path{target}.is_absolute() ? fs::path{target} : fs::path{files.root()} / folder / target;
  return files.relative(path.lexically_normal().string());
}

bool is_inside(const std::string& path) {
  return !path.starts_with('/') && !path.starts_with("..");
}

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
  explicit Reader(const ProjectFiles& files) : files_(files) {}
  Observation<GitDirectory> read();

 private:
  std::optional<Gap> find();
  void read_config();
  void read_refs();
  void read_loose_refs(const std::string& folder, const std::string& name, int depth);
  void read_reflogs(const std::string& folder, const std::string& name, int depth);
  void read_linked_worktrees();
  void add_objects(const std::string& folder, int depth);
  void add_submodules(const std::string& folder, int depth);
  void look_for_promisors();
  void note_owner();
  [[nodiscard]] std::string absolute(const std::string& path) const {
    return files_.root() + "/" + path;
  }
  void add_ref(std::string name, std::string_view hex);
  [[nodiscard]] std::optional<ObjectId> find_ref(const std::string& name) const;

  const ProjectFiles& files_;
  GitDirectory git_;
  bool sha256_ = false;
};

std::optional<Gap> Reader::find() {
  struct stat facts{};
  git_.path = ".git";
  if (::lstat(absolute(".git").c_str(), &facts) != 0) {
    const bool bare =
        files_.exists("HEAD") && files_.is_directory("objects") && files_.is_directory("refs");
    if (!bare)
      return Gap{GapReason::not_found,
                 "the project has no .git: it is not the top of a git checkout",
                 "run the audit on a checkout with its .git directory"};
    git_.path = ".";
  } else if (S_ISLNK(facts.st_mode)) {
    return Gap{GapReason::outside_scope, ".git is a symbolic link and is not followed",
               "run the audit on the repository itself"};
  } else if (S_ISREG(facts.st_mode)) {
    const std::string line = first_line(text_of(files_, ".git").value_or(""));
    if (!line.starts_with("gitdir:"))
      return Gap{GapReason::malformed, ".git is a file without gitdir:", ""};
    git_.path = resolve(files_, "", std::string{trim(std::string_view{line}.substr(7))});
    if (!is_inside(git_.path) || !files_.is_directory(git_.path))
      return Gap{GapReason::outside_scope,
                 fmt::format(".git points to {}, outside the project", printable(git_.path)),
                 "run the audit on the main checkout"};
  }
  git_.common = git_.path;
  if (const auto common = text_of(files_, git_.path + "/commondir")) {
    git_.common = resolve(files_, git_.path, first_line(*common));
    if (!is_inside(git_.common))
      return Gap{GapReason::outside_scope,
                 fmt::format("the objects of this checkout lie in {}, outside the project",
                             printable(git_.common)),
                 "run the audit on the main checkout"};
  }
  return std::nullopt;
}

// Only what decides how data is read; nothing in it is obeyed otherwise.
void Reader::read_config() {
  const std::optional<std::string> config = text_of(files_, git_.common + "/config");
  if (!config) return;
  std::string section;
  for (const std::string_view raw : split(*config, '\n')) {
    const std::string_view line = trim(raw);
    if (line.starts_with('[')) {
      section = lower_ascii(line.substr(1, line.find_first_of(" ]") - 1));
      continue;
    }
    const std::size_t equals = line.find('=');
    const std::string key = lower_ascii(trim(line.substr(0, equals)));
    const std::string_view value =
        equals == std::string_view::npos ? "true" : trim(line.substr(equals + 1));
    if (section == "core" && key == "ignorecase")
      git_.ignores_case = lower_ascii(value) == "true" || value == "1";
    if (section == "core" && key == "excludesfile") git_.excludes_file = value;
    if (section == "extensions" && key == "objectformat") sha256_ = lower_ascii(value) != "sha1";
    if (section == "extensions" && key == "partialclone") git_.partial = true;
    if (section == "extensions" && key == "refstorage" && lower_ascii(value) != "files")
      git_.gaps.push_back(
          {GapReason::unsupported, "refs are stored in a form that is not read here", ""});
  }
}

void Reader::add_ref(std::string name, std::string_view hex) {
  const std::optional<ObjectId> id = parse_object_id(trim(hex));
  if (id && git_.refs.size() < kMostRefs) git_.refs.push_back({std::move(name), *id});
}

void Reader::read_loose_refs(const std::string& folder, const std::string& name, int depth) {
  std::error_code failed;
  for (fs::directory_iterator entry{absolute(folder), failed}, end; !failed && entry != end;
       entry.increment(failed)) {
    const std::string inner = entry->path().filename().string();
    const fs::file_status status = entry->symlink_status(failed);
    if (fs::is_directory(status) && depth < 16)
      read_loose_refs(folder + "/" + inner, name + "/" + inner, depth + 1);
    else if (fs::is_regular_file(status))
      add_ref(name + "/" + inner,
              first_line(text_of(files_, folder + "/" + inner, 4096).value_or("")));
  }
}

void Reader::read_refs() {
  read_loose_refs(git_.common + "/refs", "refs", 0);
  std::vector<GitRef> loose = std::move(git_.refs);
  git_.refs.clear();
  std::set<std::string> names;  // a loose ref beats its packed namesake
  for (const GitRef& ref : loose) names.insert(ref.name);
  if (const auto packed = text_of(files_, git_.common + "/packed-refs", kPackedRefs)) {
    for (const std::string_view line : split(*packed, '\n')) {
      if (line.size() < 42 || line.front() == '#' || line.front() == '^') continue;
      std::string name{trim(line.substr(41))};
      if (!names.contains(name)) add_ref(std::move(name), line.substr(0, 40));
    }
  }
  git_.refs.insert(git_.refs.end(), loose.begin(), loose.end());
  std::ranges::sort(git_.refs, {}, &GitRef::name);

  const std::string head = first_line(text_of(files_, git_.path + "/HEAD", 4096).value_or(""));
  if (head.starts_with("ref:")) {
    git_.head_ref = trim(std::string_view{head}.substr(4));
    git_.head = find_ref(git_.head_ref);
  } else if (const std::optional<ObjectId> id = parse_object_id(head)) {
    git_.head = id;
    git_.refs.push_back({"HEAD", *id});
  } else {
    git_.gaps.push_back({GapReason::malformed, "HEAD cannot be understood", "git fsck"});
  }
}

std::optional<ObjectId> Reader::find_ref(const std::string& name) const {
  const auto found = std::ranges::find(git_.refs, name, &GitRef::name);
  if (found == git_.refs.end()) return std::nullopt;
  return found->id;
}

// gitformat: "OLD NEW person time zone<TAB>message" a line.
void Reader::read_reflogs(const std::string& folder, const std::string& name, int depth) {
  std::error_code failed;
  for (fs::directory_iterator entry{absolute(folder), failed}, end; !failed && entry != end;
       entry.increment(failed)) {
    const std::string inner = entry->path().filename().string();
    const fs::file_status status = entry->symlink_status(failed);
    const std::string full = name.empty() ? inner : name + "/" + inner;
    if (fs::is_directory(status) && depth < 16) read_reflogs(folder + "/" + inner, full, depth + 1);
    if (!fs::is_regular_file(status)) continue;
    const std::optional<std::string> log = text_of(files_, folder + "/" + inner, kReflog);
    if (!log) continue;
    for (const std::string_view line : split(*log, '\n'))
      for (const std::size_t at : {0U, 41U})
        if (line.size() > at + 40)
          if (const auto id = parse_object_id(line.substr(at, 40)); id && *id != ObjectId{})
            git_.logged.push_back({full, *id});
  }
}

void Reader::read_linked_worktrees() {
  std::error_code failed;
  for (const fs::directory_entry& entry :
       fs::directory_iterator{absolute(git_.common + "/worktrees"), failed}) {
    const std::string folder = git_.common + "/worktrees/" + entry.path().filename().string();
    add_ref("worktrees/" + entry.path().filename().string(),
            first_line(text_of(files_, folder + "/HEAD", 4096).value_or("")));
    read_reflogs(folder + "/logs", "", 0);
  }
}

void Reader::add_objects(const std::string& folder, int depth) {
  if (!is_inside(folder) || !files_.is_directory(folder)) {
    git_.gaps.push_back(
        {GapReason::outside_scope,
         fmt::format("objects are borrowed from {}, which is outside the project or missing",
                     printable(folder)),
         "git repack -a -d && rm .git/objects/info/alternates"});
    return;
  }
  if (!Links::none_below(absolute(folder))) {
    git_.gaps.push_back(
        {GapReason::outside_scope,
         fmt::format("{} holds links or special files and is not read", printable(folder)),
         "run the audit on a fresh clone"});
    return;
  }
  if (std::ranges::find(git_.object_directories, absolute(folder)) != git_.object_directories.end())
    return;
  git_.object_directories.push_back(absolute(folder));
  const std::optional<std::string> alternates = text_of(files_, folder + "/info/alternates");
  if (!alternates || depth >= kAlternateDepth) return;
  for (const std::string_view line : split(*alternates, '\n'))
    if (const std::string_view target = trim(line); !target.empty() && target.front() != '#')
      add_objects(resolve(files_, folder, std::string{target}), depth + 1);
}

void Reader::add_submodules(const std::string& folder, int depth) {
  std::error_code failed;
  for (const fs::directory_entry& entry : fs::directory_iterator{absolute(folder), failed}) {
    if (!entry.is_directory(failed) || entry.is_symlink(failed) || depth > 8) continue;
    const std::string inner = folder + "/" + entry.path().filename().string();
    if (!files_.is_directory(inner + "/objects")) {
      add_submodules(inner, depth + 1);
    } else if (Links::none_below(absolute(inner + "/objects"))) {
      git_.submodule_objects.push_back(absolute(inner + "/objects"));
    }
  }
}

void Reader::look_for_promisors() {
  std::error_code failed;
  for (const std::string& folder : git_.object_directories)
    for (const fs::directory_entry& entry : fs::directory_iterator{folder + "/pack", failed})
      if (entry.path().extension() == ".promisor") git_.partial = true;
  if (git_.partial)
    git_.gaps.push_back({GapReason::incomplete,
                         "this is a partial clone: objects were left on the server",
                         "run the audit on a full clone (without --filter)"});
}

// git itself refuses such a repository, because it would obey its
// configuration; reading it as data is safe, so it is only told.
void Reader::note_owner() {
  struct stat facts{};
  if (::lstat(absolute(git_.path).c_str(), &facts) != 0 || facts.st_uid == ::geteuid()) return;
  git_.notes.push_back(
      {GapReason::outside_scope,
       fmt::format(
           "the repository belongs to user id {}, the audit runs as {}; it was read as data only",
           facts.st_uid, ::geteuid()),
       ""});
}

Observation<GitDirectory> Reader::read() {
  if (std::optional<Gap> gap = find()) return {*std::move(gap), {}};
  read_config();
  if (sha256_)
    return {Gap{GapReason::unsupported,
                "the repository uses SHA-256 object names, which are not read here",
                "git clone it into a SHA-1 repository, or attest the item"},
            {}};
  read_refs();
  read_reflogs(git_.path + "/logs", "", 0);
  if (git_.common != git_.path) read_reflogs(git_.common + "/logs", "", 0);
  read_linked_worktrees();
  add_objects(git_.common + "/objects", 0);
  add_submodules(git_.common + "/modules", 0);
  look_for_promisors();
  note_owner();
  git_.shallow = !trim(text_of(files_, git_.common + "/shallow", kPackedRefs).value_or("")).empty();
  if (git_.shallow)
    git_.gaps.push_back(
        {GapReason::incomplete, "this is a shallow clone: the older history is not here",
         "git fetch --unshallow; in GitHub Actions give actions/checkout fetch-depth: 0"});
  return {std::move(git_), {}};
}

}  // namespace

Observation<GitDirectory> read_git_directory(const ProjectFiles& files) {
  return Reader{files}.read();
}

// git takes a .gitignore that is a link for none.
std::unique_ptr<files::GitIgnore> make_ignore_rules(const ProjectFiles& files,
                                                    const GitDirectory& git) {
  const auto load = [&files](const std::string& path) -> std::optional<std::string> {
    const Observation<FileFacts> facts = files.inspect(path);
    if (!facts.has_value() || !facts->links.empty()) return std::nullopt;
    return text_of(files, path);
  };
  auto rules = std::make_unique<files::GitIgnore>(load, git.ignores_case);
  const std::string exclude = git.common + "/info/exclude";
  if (const auto bytes = text_of(files, exclude))
    rules->add_excludes(files::IgnoreSource::info_exclude, exclude, *bytes);
  if (!git.excludes_file.empty() && !git.excludes_file.starts_with('~'))
    if (const auto bytes = text_of(files, git.excludes_file))
      rules->add_excludes(files::IgnoreSource::global_excludes, git.excludes_file, *bytes);
  return rules;
}

}  // namespace rta
