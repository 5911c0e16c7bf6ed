#include "collect/systemd_services.h"

#include <redis_tls_audit/limits.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "files/shell_words.h"

namespace rta {
namespace {

constexpr std::size_t kUnits = 200;
constexpr std::size_t kSharedDropIns = 20;

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

// Where a host's files begin: "rootfs/" of "rootfs/etc/systemd/system/x.service",
// else the folder of the unit, or of the folder of its drop-ins.
std::string root_of(const std::string& path) {
  for (const std::string_view place : {"etc/systemd/", "usr/local/lib/systemd/", "usr/lib/systemd/",
                                       "lib/systemd/", "run/systemd/"})
    if (const std::size_t at = path.find(place); at == 0 || (at != path.npos && path[at - 1] == '/'))
      return path.substr(0, at);
  const std::string folder = folder_of(path);
  return path.ends_with(".service") ? folder : folder_of(folder);
}

// Folders of drop-ins that count for a unit beside its own: of all services, of
// a prefix that ends in "-", of the template.
bool is_for(const std::string& folder, const std::string& unit) {
  if (folder == "service.d") return true;
  if (!folder.ends_with(".service.d")) return false;
  const std::string stem = folder.substr(0, folder.size() - std::string_view{".service.d"}.size());
  return (stem.ends_with('-') || stem.ends_with('@')) && unit.starts_with(stem) &&
         unit != stem + ".service";
}

// The same drop-in of /etc takes the place of the one of /usr/lib.
void drop_masked(std::vector<std::string>& paths) {
  std::set<std::string> masking;
  const auto key = [](const std::string& path) {
    return root_of(path) + "|" + name_of(folder_of(path)) + "|" + name_of(path);
  };
  const auto is_masking = [](const std::string& path) {
    return path.find("etc/systemd/") != std::string::npos;
  };
  for (const std::string& path : paths)
    if (is_masking(path)) masking.insert(key(path));
  std::erase_if(paths, [&](const std::string& path) {
    return !path.ends_with(".service") && !is_masking(path) && masking.contains(key(path));
  });
}

bool is_shared_drop_in(const std::string& path) {
  const std::string folder = name_of(folder_of(path));
  return path.ends_with(".conf") &&
         (folder == "service.d" || folder.ends_with("-.service.d") || folder.ends_with("@.service.d"));
}

}  // namespace

std::vector<RedisUnit> find_redis_units(const ProjectFiles& files) {
  std::map<std::string, std::vector<std::string>> paths;
  std::vector<std::string> shared;
  for (const TreeEntry& entry : files.listing().entries) {
    if (const std::string unit = unit_of(entry.path); !unit.empty() && paths.size() < kUnits)
      paths[unit].push_back(entry.path);
    if (is_shared_drop_in(entry.path) && shared.size() < kSharedDropIns) shared.push_back(entry.path);
  }
  std::vector<RedisUnit> found;
  for (auto& [unit, of_unit] : paths) {
    const std::string root = root_of(of_unit.front());
    for (const std::string& path : shared)
      if (is_for(name_of(folder_of(path)), unit) && root_of(path) == root) of_unit.push_back(path);
    drop_masked(of_unit);
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
