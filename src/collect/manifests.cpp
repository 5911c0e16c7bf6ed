#include "collect/manifests.h"

#include <redis_tls_audit/limits.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace rta {
namespace {

std::string directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

}  // namespace

Manifests::Manifests(const ProjectFiles& files) {
  for (const TreeEntry& entry : files.listing().entries) {
    if (!entry.is_regular || !files::is_client_manifest(entry.path)) continue;
    // What is installed below is somebody else's manifest.
    if (entry.path.find("node_modules/") != std::string::npos) continue;
    const std::size_t limit =
        files::is_client_lock_file(entry.path) ? limits::kCertificateBundle : limits::kTextFile;
    const Observation<OpenedFile> opened = files.read(entry.path, limit);
    if (!opened.value()) continue;  // too large a lock file: the manifest speaks
    std::string directory = directory_of(entry.path);
    constexpr std::string_view kFolder = "requirements";  // requirements/base.txt
    if (directory == kFolder || directory.ends_with("/requirements"))
      directory = directory_of(directory);
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

namespace {

// Celery and BullMQ hand on to redis-py and ioredis, but decide what is
// verified: the framework goes first.
const files::ClientLibrary* best_of(const std::vector<files::ClientLibrary>& all) {
  const auto rank = [](const files::ClientLibrary& library) {
    const bool framework = library.name != "redis-py" && library.name != "ioredis";
    return (framework ? 2 : 0) + (library.exact ? 1 : 0);
  };
  const files::ClientLibrary* best = nullptr;
  for (const files::ClientLibrary& library : all)
    if (best == nullptr || rank(library) > rank(*best)) best = &library;
  return best;
}

}  // namespace

const files::ClientLibrary* Manifests::named_library(const std::string& directory,
                                                     const std::string& name) const {
  const files::ClientLibrary* best = nullptr;
  for (std::string at = directory;; at = directory_of(at)) {
    if (const auto found = libraries_.find(at); found != libraries_.end())
      for (const files::ClientLibrary& library : found->second)
        if (library.name == name && (best == nullptr || (library.exact && !best->exact)))
          best = &library;
    if (at.empty() || (best != nullptr && best->exact)) return best;
  }
}

const files::ClientLibrary* Manifests::library_for(const std::string& directory) const {
  for (std::string at = directory;; at = directory_of(at)) {
    if (const auto found = libraries_.find(at); found != libraries_.end()) {
      const files::ClientLibrary* best = best_of(found->second);
      // A workspace keeps its one lock file further up.
      return best == nullptr || best->exact ? best : named_library(directory, best->name);
    }
    if (at.empty()) return nullptr;
  }
}

}  // namespace rta
