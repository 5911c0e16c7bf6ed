#include "collect/git/repository_reading.h"

#include "base/text.h"

namespace rta {

RepositoryReading::RepositoryReading(const ProjectFiles& project, GitDirectory directory)
    : files(project),
      git(std::move(directory)),
      index(read_index()),
      worktrees(read_worktrees()),
      catalogue(git.object_directories),
      rules(files, git, index, catalogue) {}

GitIndex RepositoryReading::read_index() {
  Observation<GitIndex> read = read_git_index(files, git.path + "/index");
  if (read.has_value()) return *std::move(read).value();
  index_read = false;
  gaps.push_back(*read.gap());
  return {};
}

std::vector<LinkedWorktree> RepositoryReading::read_worktrees() {
  std::vector<LinkedWorktree> all;
  const GitFiles reader{files, gaps};
  for (const std::string& folder : git.worktrees) {
    if (folder == git.path) continue;  // this very checkout
    Observation<GitIndex> read = read_git_index(files, folder + "/index");
    if (!read.has_value()) {
      gaps.push_back(*read.gap());
      continue;
    }
    LinkedWorktree& worktree = all.emplace_back();
    worktree.index = *std::move(read).value();
    // "gitdir" names the .git file in the worktree.
    const std::string link = reader.first_line(folder + "/gitdir");
    const std::string place = link.empty() ? "" : reader.resolve(folder, link);
    if (!place.starts_with('/') && place.ends_with("/.git"))
      worktree.folder = place.substr(0, place.size() - 5);
  }
  return all;
}

Observation<std::shared_ptr<RepositoryReading>> open_repository(const ProjectFiles& files) {
  Observation<GitDirectory> found = read_git_directory(files);
  if (!found.has_value()) return *found.gap();
  return std::make_shared<RepositoryReading>(files, *std::move(found).value());
}

}  // namespace rta
