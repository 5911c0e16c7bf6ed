#include "files/artefacts/systemd_unit.h"

#include "base/text.h"

namespace rta::files {

const UnitAssignment* SystemdUnit::last(std::string_view section, std::string_view key) const {
  const UnitAssignment* found = nullptr;
  for (const UnitAssignment& assignment : assignments)
    if (assignment.section == section && assignment.key == key) found = &assignment;
  return found == nullptr || found->value.empty() ? nullptr : found;
}

std::string SystemdUnit::all(std::string_view section, std::string_view key) const {
  std::vector<std::string> values;
  for (const UnitAssignment& assignment : assignments) {
    if (assignment.section != section || assignment.key != key) continue;
    if (assignment.value.empty())
      values.clear();
    else
      values.push_back(assignment.value);
  }
  return join(values, "; ");
}

SystemdUnit parse_systemd_unit(std::string_view content) {
  SystemdUnit unit;
  std::string section, pending;
  int line_number = 0, pending_line = 0;
  for (const std::string_view raw : split(content, '\n')) {
    ++line_number;
    const std::string_view line = trim(raw);
    if (pending.empty()) pending_line = line_number;
    if (line.starts_with('#') || line.starts_with(';')) continue;  // also between joined lines
    if (line.ends_with('\\')) {
      pending += std::string{line.substr(0, line.size() - 1)} + " ";
      continue;
    }
    const std::string whole = pending + std::string{line};
    pending.clear();
    if (whole.starts_with('[') && whole.ends_with(']')) {
      section = whole.substr(1, whole.size() - 2);
      continue;
    }
    const std::size_t equals = whole.find('=');
    if (equals == std::string::npos) continue;
    unit.assignments.push_back(
        {section, std::string{trim(std::string_view{whole}.substr(0, equals))},
         std::string{trim(std::string_view{whole}.substr(equals + 1))}, pending_line});
  }
  return unit;
}

}  // namespace rta::files
