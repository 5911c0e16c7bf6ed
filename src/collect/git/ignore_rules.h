// IgnoreRules are the ignore rules of a checkout in their three readings: as
// git applies them here, as they stand in the index (what other clones get),
// and without this clone's own excludes. One thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "collect/git/git_directory.h"
#include "collect/git/git_index.h"
#include "collect/git/git_objects.h"

namespace rta {

class IgnoreRules {
 public:
  // All must outlive this. `catalogue` is for rules that stand only in the index.
  IgnoreRules(const ProjectFiles& files, const GitDirectory& git, const GitIndex& index,
              const GitCatalogue& catalogue);

  // What git does in this clone, whether the path is tracked or not.
  files::IgnoreAnswer here(const std::string& path);
  // By `.gitignore` files of the work tree alone.
  files::IgnoreAnswer shared(const std::string& path);
  // By `.gitignore` files as they stand in the index.
  files::IgnoreAnswer tracked(const std::string& path);
  // As shared(), if the case of letters did not count.
  files::IgnoreAnswer without_case(const std::string& path);
  // What the rules before the deciding one say: what a negation undoes.
  files::IgnoreAnswer before(const std::string& path, const files::IgnoreAnswer& decided);

  // Rule files that could not be read.
  [[nodiscard]] const std::vector<Gap>& gaps() const { return gaps_; }

 private:
  std::optional<std::string> load(const std::string& path);
  [[nodiscard]] std::optional<std::string> load_from_index(const std::string& path) const;
  files::GitIgnore make(bool from_index, bool fold_case);
  [[nodiscard]] bool is_folder(const std::string& path) const;

  const ProjectFiles& files_;
  const GitIndex& index_;
  const GitCatalogue& catalogue_;
  GitObjects objects_;
  std::vector<Gap> gaps_;
  files::GitIgnore here_, tracked_, without_case_;
};

}  // namespace rta
