// ProjectFiles is the only way to files of an audited project, which is not
// trusted: every path is opened beneath the project's root (openat2 with
// RESOLVE_BENEATH), or beneath a directory that the operator allowed; links
// are followed only inside, and recorded; only regular files are read, on the
// same descriptor whose mode is judged. Not thread-safe.
#pragma once

#include <redis_tls_audit/bytes.h>
#include <redis_tls_audit/facts/file.h>
#include <redis_tls_audit/observation.h>
#include <redis_tls_audit/result.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/unique_fd.h"

namespace rta {

struct OpenedFile {
  FileFacts facts;
  Bytes bytes;
};

struct TreeEntry {
  std::string path;          // relative to the root
  bool is_regular = false;
  bool is_symlink = false;
  std::uint64_t size_bytes = 0;
};

class ProjectFiles {
 public:
  // `root` is a directory; `allowed` are directories outside it that may be
  // read too ("/" = everything).
  static Result<ProjectFiles> open(const std::string& root, const std::vector<std::string>& allowed = {});

  // `path` is relative to the root, or absolute; an absolute path inside the
  // root or an allowed directory is served, any other is a Gap outside_scope
  // that names --allow-path. The reasons not_found, denied, too_large,
  // outside_scope and malformed (not a regular file) are kept apart.
  [[nodiscard]] Observation<OpenedFile> read(const std::string& path, std::size_t limit) const;
  // Everything but the bytes; opens the file when it may, else judges lstat.
  [[nodiscard]] Observation<FileFacts> inspect(const std::string& path) const;
  [[nodiscard]] bool exists(const std::string& path) const;
  [[nodiscard]] bool is_directory(const std::string& path) const;

  // All files below the root in sorted order, without .git, node_modules and
  // the like, within kFilesInProject and kDirectoryDepth; a limit that was
  // reached is told in `gap`.
  struct Listing {
    std::vector<TreeEntry> entries;
    std::optional<Gap> gap;
  };
  [[nodiscard]] const Listing& listing() const;

  [[nodiscard]] const std::string& root() const { return root_; }   // absolute, real
  [[nodiscard]] int root_fd() const { return root_fd_.get(); }
  // The path relative to the root when it lies inside, else as it is.
  [[nodiscard]] std::string relative(const std::string& path) const;

 private:
  ProjectFiles() = default;
  std::string root_;
  UniqueFd root_fd_;
  std::vector<std::string> allowed_;
  mutable std::optional<Listing> listing_;
};

}  // namespace rta
