// locate() finds a file of an untrusted tree without ever leaving the places
// that may be read. It walks one name at a time on descriptors (openat2 with
// RESOLVE_BENEATH), reads links as text and decides itself where they lead,
// and reports every directory and link on the way. Nothing is opened for
// reading here: FIFOs and devices are only looked at. Any thread.
#pragma once

#include <redis_tls_audit/facts/file.h>
#include <redis_tls_audit/observation.h>

#include <sys/stat.h>

#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/unique_fd.h"

namespace rta {

// A directory below which files may be read.
struct ReadableRoot {
  std::string path;  // absolute and real, without a slash at the end; "" is "/"
  UniqueFd descriptor;
  // Directories above it, for files whose whole way is to be judged.
  std::vector<DirectoryFacts> above;
};

struct LocatedFile {
  UniqueFd directory;  // holds `name`
  std::string name;    // "." for a root itself
  UniqueFd entry;      // O_PATH: may be looked at, not read
  struct stat status{};
  std::string path;  // the end of the way, links resolved
  std::vector<std::string> links;
  std::vector<DirectoryFacts> directories;
};

// `path` is absolute, or relative to roots.front(), the project. The reasons
// not_found, denied, outside_scope, malformed (link loop) and internal_error
// are kept apart.
std::expected<LocatedFile, Gap> locate(std::span<const ReadableRoot> roots, std::string_view path);

// Opens one name of a directory, which may not be a link.
UniqueFd open_name(int directory, const std::string& name, int flags);

// "a//b/./c/../d" becomes "a/b/d"; ".." at the front of a relative path stays.
std::string lexically_normal(std::string_view path);

// Why a system call on `path` failed.
Gap file_gap(int error, const std::string& path);

std::uint32_t permission_bits(const struct stat& status);

}  // namespace rta
