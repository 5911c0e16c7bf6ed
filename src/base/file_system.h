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

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_facts.h"
#include "base/path_walk.h"
#include "base/tree_listing.h"

namespace rta {

struct OpenedFile {
  FileFacts facts;
  Bytes bytes;
};

class ProjectFiles {
 public:
  // `root` is a directory; `allowed` are directories outside it that may be
  // read too ("/" = everything).
  static Result<ProjectFiles> open(const std::string& root,
                                   const std::vector<std::string>& allowed = {});

  // `path` is relative to the root, or absolute; an absolute path inside the
  // root or an allowed directory is served, any other is a Gap outside_scope
  // that names --allow-path. The reasons not_found, denied, too_large,
  // outside_scope and malformed (not a regular file) are kept apart.
  [[nodiscard]] Observation<OpenedFile> read(const std::string& path, std::size_t limit) const;
  // The last `limit` bytes of a file of any size: of a log, the newest lines.
  [[nodiscard]] Observation<OpenedFile> read_end(const std::string& path, std::size_t limit) const;
  // Everything but the bytes. The file is looked at, not opened for reading,
  // so that this also works where reading is denied.
  [[nodiscard]] Observation<FileFacts> inspect(const std::string& path) const;
  [[nodiscard]] bool exists(const std::string& path) const;
  [[nodiscard]] bool is_directory(const std::string& path) const;

  // All files below the root in sorted order, without .git, node_modules and
  // the like, within kFilesInProject and kDirectoryDepth; a limit that was
  // reached is told in `gap`. Made at the first call.
  using Listing = TreeListing;
  [[nodiscard]] const Listing& listing() const;

  [[nodiscard]] const std::string& root() const { return roots_.front().path; }  // absolute, real
  [[nodiscard]] int root_fd() const { return roots_.front().descriptor.get(); }
  // The path relative to the root when it lies inside, else as it is.
  [[nodiscard]] std::string relative(const std::string& path) const;

 private:
  ProjectFiles() = default;
  enum class Part { whole, end };
  [[nodiscard]] Observation<OpenedFile> read_part(const std::string& path, std::size_t limit,
                                                  Part part) const;
  [[nodiscard]] FileFacts facts_of(const LocatedFile& located, const std::string& path,
                                   int descriptor, const struct stat& status) const;
  // The names under which the root may be written: as given, and real.
  std::string given_root_;
  std::vector<ReadableRoot> roots_;  // the project first, then what the operator allowed
  mutable std::optional<Listing> listing_;
  mutable std::map<std::uint32_t, Account> accounts_;
};

}  // namespace rta
