// SystemdUnit is a unit file: sections of assignments in order
// (systemd.syntax(7)): "#" and ";" start comment lines, a backslash at the end
// of a line joins it with the next. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rta::files {

struct UnitAssignment {
  std::string section;
  std::string key;
  std::string value;
  int line = 0;
};

struct SystemdUnit {
  std::vector<UnitAssignment> assignments;

  // The last assignment wins; an empty one resets.
  [[nodiscard]] const UnitAssignment* last(std::string_view section, std::string_view key) const;
  // All values of a key that accumulates, joined by "; ".
  [[nodiscard]] std::string all(std::string_view section, std::string_view key) const;
};

SystemdUnit parse_systemd_unit(std::string_view content);

}  // namespace rta::files
