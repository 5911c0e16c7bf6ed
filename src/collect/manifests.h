// Manifests: what package.json, requirements.txt and their like in a project
// say about env file readers and Redis clients, by directory.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/file_system.h"
#include "files/clients/client_library.h"

namespace rta {

class Manifests {
 public:
  explicit Manifests(const ProjectFiles& files);

  struct NamedReader {
    std::string reader;  // a dialect's name
    std::string reason;  // "backend/package.json names dotenv"
  };
  // Of this directory, else of the nearest one above it below the root.
  [[nodiscard]] std::optional<NamedReader> reader_for(const std::string& directory) const;
  // A lock file's version beats a manifest's range; null when none is named.
  [[nodiscard]] const files::ClientLibrary* library_for(const std::string& directory) const;
  // Of that name, here or above; for what a library stands on.
  [[nodiscard]] const files::ClientLibrary* named_library(const std::string& directory,
                                                          const std::string& name) const;

 private:
  std::map<std::string, NamedReader> readers_;  // by directory
  std::map<std::string, std::vector<files::ClientLibrary>> libraries_;
};

}  // namespace rta
