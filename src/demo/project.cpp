#include "demo/project.h"

#include <fmt/format.h>
#include <git2.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>

#include "base/free_with.h"
#include "base/unique_fd.h"

#include <fcntl.h>

namespace rta::demo {
namespace {

using GitRepository = std::unique_ptr<git_repository, FreeWith<git_repository_free>>;
using GitIndex = std::unique_ptr<git_index, FreeWith<git_index_free>>;
using GitTree = std::unique_ptr<git_tree, FreeWith<git_tree_free>>;
using GitSignature = std::unique_ptr<git_signature, FreeWith<git_signature_free>>;

// libgit2 with nobody's configuration: ours must look the same everywhere.
class GitLibrary {
 public:
  GitLibrary() {
    git_libgit2_init();
    for (const int level : {GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL,
                            GIT_CONFIG_LEVEL_PROGRAMDATA})
      git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "");
  }
  GitLibrary(const GitLibrary&) = delete;
  GitLibrary& operator=(const GitLibrary&) = delete;
  ~GitLibrary() { git_libgit2_shutdown(); }
};

bool make_commit(const std::string& root, const std::string& message) {
  const GitLibrary library;
  git_repository* raw_repository = nullptr;
  if (git_repository_init(&raw_repository, root.c_str(), 0) != 0) return false;
  const GitRepository repository{raw_repository};
  git_index* raw_index = nullptr;
  if (git_repository_index(&raw_index, raw_repository) != 0) return false;
  const GitIndex index{raw_index};
  git_oid tree_id, commit_id;
  if (git_index_add_all(raw_index, nullptr, 0, nullptr, nullptr) != 0 ||
      git_index_write(raw_index) != 0 || git_index_write_tree(&tree_id, raw_index) != 0)
    return false;
  git_tree* raw_tree = nullptr;
  if (git_tree_lookup(&raw_tree, raw_repository, &tree_id) != 0) return false;
  const GitTree tree{raw_tree};
  git_signature* raw_signature = nullptr;
  if (git_signature_new(&raw_signature, "Demonstration", "demo@redis-tls-audit.invalid",
                        1'700'000'000, 0) != 0)
    return false;
  const GitSignature signature{raw_signature};
  return git_commit_create(&commit_id, raw_repository, "HEAD", raw_signature, raw_signature,
                           nullptr, message.c_str(), raw_tree, 0, nullptr) == 0;
}

}  // namespace

Result<PrivateDirectory> PrivateDirectory::make(const std::string& prefix) {
  const char* temporary = std::getenv("TMPDIR");
  std::string path = fmt::format("{}/{}.XXXXXX", temporary == nullptr ? "/tmp" : temporary, prefix);
  if (::mkdtemp(path.data()) == nullptr)
    return Error{fmt::format("no private directory can be made: {}", std::strerror(errno)), path,
                 "set TMPDIR to a directory that you can write to"};
  return PrivateDirectory{std::filesystem::canonical(path).string()};
}

PrivateDirectory::PrivateDirectory(PrivateDirectory&& other) noexcept
    : path_(std::exchange(other.path_, {})), keep_(other.keep_) {}

PrivateDirectory::~PrivateDirectory() {
  if (path_.empty() || keep_) return;
  std::error_code ignored;  // nobody can be told; the directory is private
  std::filesystem::remove_all(path_, ignored);
}

void ProjectWriter::file(const std::string& path, std::string_view content, unsigned mode) {
  if (!problem_.empty()) return;
  const std::filesystem::path full = std::filesystem::path{root_} / path;
  std::error_code error;
  std::filesystem::create_directories(full.parent_path(), error);
  const UniqueFd fd{::open(full.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
  const bool written =
      fd &&
      ::write(fd.get(), content.data(), content.size()) == static_cast<ssize_t>(content.size()) &&
      ::fchmod(fd.get(), mode) == 0;
  if (!written)
    problem_ = fmt::format("{}: cannot be written: {}", full.string(), std::strerror(errno));
}

void ProjectWriter::templated(const std::string& path, std::string_view content, unsigned mode) {
  std::string text{content};
  constexpr std::string_view kMark = "{root}";
  for (std::size_t at = text.find(kMark); at != std::string::npos;
       at = text.find(kMark, at + root_.size()))
    text.replace(at, kMark.size(), root_);
  file(path, text, mode);
}

void ProjectWriter::commit_all(const std::string& message) {
  if (!problem_.empty() || make_commit(root_, message)) return;
  const git_error* error = git_error_last();
  problem_ = fmt::format("{}: no commit can be made: {}", root_,
                         error == nullptr ? "unknown" : error->message);
}

Result<void> ProjectWriter::result() const {
  if (problem_.empty()) return {};
  return Error{problem_, "", ""};
}

}  // namespace rta::demo
