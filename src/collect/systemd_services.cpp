#include "collect/systemd_services.h"

#include <redis_tls_audit/limits.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "files/shell_words.h"

namespace rta {
namespace {

constexpr std::size_t kUnits = 200;

std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

// The unit that a file belongs to: its own, or the one of a drop-in's folder.
std::string unit_of(const std::string& path) {
  if (path.ends_with(".service")) return name_of(path);
  const std::string folder = name_of(folder_of(path));
  const bool drop_in = path.ends_with(".conf") && folder.ends_with(".service.d");
  return drop_in ? folder.substr(0, folder.size() - 2) : "";
}

// systemd takes the unit of /etc for the one of /usr/lib.
bool is_before(const std::string& a, const std::string& b) {
  const bool a_unit = a.ends_with(".service"), b_unit = b.ends_with(".service");
  if (a_unit != b_unit) return a_unit;
  const bool a_etc = a.find("etc/systemd/") != std::string::npos;
  const bool b_etc = b.find("etc/systemd/") != std::string::npos;
  if (a_unit && a_etc != b_etc) return a_etc;
  return a_unit ? a < b : name_of(a) < name_of(b);
}

}  // namespace

std::vector<RedisUnit> find_redis_units(const ProjectFiles& files) {
  std::map<std::string, std::vector<std::string>> paths;
  for (const TreeEntry& entry : files.listing().entries)
    if (const std::string unit = unit_of(entry.path); !unit.empty() && paths.size() < kUnits)
      paths[unit].push_back(entry.path);
  std::vector<RedisUnit> found;
  for (auto& [unit, of_unit] : paths) {
    std::ranges::sort(of_unit, is_before);
    std::vector<files::UnitText> texts;
    for (const std::string& path : of_unit) {
      const bool second_unit = path.ends_with(".service") && !texts.empty();
      const Observation<OpenedFile> opened = files.read(path, limits::kTextFile);
      if (second_unit || !opened.has_value()) continue;
      texts.push_back({path, std::string{as_text(opened->bytes)}});
    }
    for (files::UnitCommand& command : files::start_commands(unit, texts))
      if (!command.words.empty() && is_redis_server(command.words.front()))
        found.push_back({command.at.path, std::move(command)});
  }
  return found;
}

}  // namespace rta
