#include "collect/spring_applications.h"

#include <fmt/format.h>
#include <redis_tls_audit/limits.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "files/clients/source_kind.h"

namespace rta {
namespace {

constexpr std::size_t kMostApplications = 200;

// The folder of the application whose settings lie in `path`.
std::string module_of(const std::string& path) {
  std::string folder = "/" + path.substr(0, path.rfind('/') + 1);
  for (const std::string_view inner : {"config/", "src/main/resources/"})
    if (folder.ends_with("/" + std::string{inner})) folder.resize(folder.size() - inner.size());
  folder = folder.substr(1);
  while (folder.ends_with('/')) folder.pop_back();
  return folder;
}

// Properties beat YAML, and a profile beats none (Spring Boot, "Externalized
// Configuration").
int rank(const std::string& path) {
  const bool of_profile = !files::spring_file_name(path)->profile.empty();
  return (of_profile ? 2 : 0) + (path.ends_with(".properties") ? 1 : 0);
}

}  // namespace

SpringApplications::SpringApplications(const ProjectFiles& files, Scope& scope)
    : files_(files), scope_(scope) {
  std::map<std::string, std::vector<std::string>> by_module;
  for (const TreeEntry& entry : files.listing().entries) {
    const auto name = files::spring_file_name(entry.path);
    if (!name || !entry.is_regular || files::is_test_or_document(entry.path)) continue;
    by_module[module_of(entry.path)].push_back(entry.path);
  }
  for (auto& [module, paths] : by_module) {
    if (all_.size() >= kMostApplications) {
      scope.notes.push_back(
          {GapReason::too_large,
           fmt::format("only {} applications of Spring were read", kMostApplications),
           "scan the parts of the project one by one"});
      break;
    }
    std::ranges::stable_sort(paths, {}, rank);
    all_.push_back({module, std::move(paths)});
  }
}

const SpringApplication* SpringApplications::in(const std::string& folder) const {
  const auto found = std::ranges::find(all_, folder, &SpringApplication::module);
  return found == all_.end() ? nullptr : &*found;
}

void SpringApplications::read(const std::string& path, const files::SpringRun& run,
                              files::SpringSettings& all) const {
  const Observation<OpenedFile> opened = files_.read(path, limits::kTextFile);
  if (!opened.has_value()) {
    scope_.notes.push_back(*opened.gap());
    return;
  }
  auto one = files::spring_settings(opened->bytes, printable(path), run);
  if (one) {
    if (!one->active_profiles.empty()) all.active_profiles = one->active_profiles;
    files::overlay(all, std::move(*one));
  } else {
    scope_.notes.push_back(
        {GapReason::malformed,
         fmt::format("{} is refused: {}", printable(path, 200), printable(one.error().what, 200)),
         one.error().remedy});
  }
}

files::SpringSettings SpringApplications::settings(
    const SpringApplication& application, const std::vector<files::ReceivedVariable>& environment,
    bool is_whole) const {
  files::SpringRun run{.environment_is_whole = is_whole};
  for (const files::ReceivedVariable& variable : environment)
    run.environment[variable.name] = variable.value;
  const auto named = run.environment.find("SPRING_PROFILES_ACTIVE");
  std::string active = named == run.environment.end() ? "" : named->second;
  if (active.empty()) {  // the files for every profile may name those that are active
    files::SpringSettings first;
    for (const std::string& path : application.files)
      if (files::spring_file_name(path)->profile.empty()) read(path, run, first);
    active = first.active_profiles;
  }
  run.profiles = files::SpringProfiles{active};
  files::SpringSettings all;
  for (const std::string& path : application.files) {
    const std::string profile = files::spring_file_name(path)->profile;
    if (profile.empty() || run.profiles.is_active(profile)) read(path, run, all);
  }
  files::overlay_environment(all, environment);
  return all;
}

}  // namespace rta
