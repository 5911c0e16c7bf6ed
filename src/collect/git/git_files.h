// GitFiles reads the small files of a .git as text. What is there and cannot
// be read (a link that leads out, a device, too large) becomes a Gap: silence
// would let a branch vanish. One thread.
#pragma once

#include <redis_tls_audit/limits.h>
#include <redis_tls_audit/observation.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_system.h"

namespace rta {

class GitFiles {
 public:
  GitFiles(const ProjectFiles& files, std::vector<Gap>& gaps) : files_(files), gaps_(gaps) {}

  // Nothing when there is no such file, or after a Gap was noted.
  std::optional<std::string> text(const std::string& path,
                                  std::size_t limit = limits::kTextFile) const;
  std::string first_line(const std::string& path) const;
  struct Entry {
    std::string name;
    bool is_folder = false;
  };
  // What stands in a folder, sorted; links and special files are noted.
  std::vector<Entry> entries(const std::string& folder) const;

  [[nodiscard]] std::string absolute(const std::string& path) const {
    return path.starts_with('/') ? path : files_.root() + "/" + path;
  }
  // Where `target`, written in a file of `folder`, leads; relative to the
  // project when it lies inside, else absolute.
  [[nodiscard]] std::string resolve(const std::string& folder, const std::string& target) const;
  // Inside the project, or where the operator allowed reading.
  [[nodiscard]] bool may_enter(const std::string& folder) const {
    return files_.is_directory(folder);
  }
  [[nodiscard]] const ProjectFiles& project() const { return files_; }
  void note(GapReason reason, std::string detail, std::string remedy) const {
    gaps_.push_back({reason, std::move(detail), std::move(remedy)});
  }

 private:
  const ProjectFiles& files_;
  std::vector<Gap>& gaps_;
};

}  // namespace rta
