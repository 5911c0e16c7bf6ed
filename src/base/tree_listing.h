// list_tree() names the files of a tree, links not followed.
#pragma once

#include <redis_tls_audit/observation.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rta {

struct TreeEntry {
  std::string path;  // relative to the root
  bool is_regular = false;
  bool is_symlink = false;
  std::uint64_t size_bytes = 0;
};

struct TreeListing {
  std::vector<TreeEntry> entries;  // sorted by path
  std::optional<Gap> gap;          // a limit was reached, a directory could not be read
};

// Without version control data, package directories and build output.
TreeListing list_tree(int root);

}  // namespace rta
