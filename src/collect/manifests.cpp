#include "collect/manifests.h"

#include <redis_tls_audit/limits.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace rta {
namespace {

bool is_manifest(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  constexpr std::array<std::string_view, 6> kNames{
      "package.json", "package-lock.json", "pyproject.toml", "poetry.lock", "Pipfile", "go.mod"};
  return std::ranges::find(kNames, name) != kNames.end() ||
         (name.starts_with("requirements") && name.ends_with(".txt"));
}

std::string directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

}  // namespace

Manifests::Manifests(const ProjectFiles& files) {
  for (const TreeEntry& entry : files.listing().entries) {
    if (!entry.is_regular || !is_manifest(entry.path)) continue;
    const Observation<OpenedFile> opened = files.read(entry.path, limits::kTextFile);
    if (!opened.value()) continue;  // too large a lock file: the manifest speaks
    const std::string directory = directory_of(entry.path);
    const std::string shown = printable(entry.path);
    if (const auto reader = files::dotenv_reader_named(opened->bytes, entry.path);
        reader && !readers_.contains(directory))
      readers_[directory] = {*reader, fmt::format("{} names it", shown)};
    for (files::ClientLibrary& library : files::client_libraries(opened->bytes, shown))
      libraries_[directory].push_back(std::move(library));
  }
}

std::optional<Manifests::NamedReader> Manifests::reader_for(const std::string& directory) const {
  for (std::string at = directory;; at = directory_of(at)) {
    if (const auto found = readers_.find(at); found != readers_.end()) return found->second;
    if (at.empty()) return std::nullopt;
  }
}

const files::ClientLibrary* Manifests::library_for(const std::string& directory) const {
  for (std::string at = directory;; at = directory_of(at)) {
    if (const auto found = libraries_.find(at); found != libraries_.end()) {
      const auto& all = found->second;
      // Celery and BullMQ hand on to redis-py and ioredis, but decide what is
      // verified: the framework goes first.
      const files::ClientLibrary* best = nullptr;
      const auto rank = [](const files::ClientLibrary& library) {
        const bool framework = library.name != "redis-py" && library.name != "ioredis";
        return (framework ? 2 : 0) + (library.exact ? 1 : 0);
      };
      for (const files::ClientLibrary& library : all)
        if (best == nullptr || rank(library) > rank(*best)) best = &library;
      return best;
    }
    if (at.empty()) return nullptr;
  }
}

}  // namespace rta
