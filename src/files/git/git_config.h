// parse_git_config reads git's configuration format (git-config(1), "Syntax")
// as data: includes are not followed and nothing is obeyed. A malformed line
// ends the reading, as it ends git's. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rta::files {

struct GitConfigEntry {
  std::string section;     // lower case
  std::string subsection;  // as written
  std::string key;         // lower case
  std::string value;       // unquoted; "true" for a key without one
};

struct GitConfig {
  std::vector<GitConfigEntry> entries;
  bool is_whole = true;  // false: the rest is malformed or too much

  // The last value; the section has no subsection.
  [[nodiscard]] std::optional<std::string> last(std::string_view section,
                                                std::string_view key) const;
  [[nodiscard]] bool is_true(std::string_view section, std::string_view key) const;
};

GitConfig parse_git_config(std::string_view bytes);

}  // namespace rta::files
