// What a service's own Dockerfile brings: variables, the command, files. Compose
// and the Dockerfile share one container, so that neither alone tells what runs.
#pragma once

#include <redis_tls_audit/facts/compose.h>

#include "collect/collector.h"
#include "collect/inline_files.h"
#include "files/compose/compose.h"

namespace rta {

// Where the build of a service takes its files: both relative to the project.
struct BuildPlace {
  std::string context;  // "" is the project's top
  std::string dockerfile;
};
// Absent: not built here, or from outside the project.
std::optional<BuildPlace> build_place(const ProjectFiles& files, const std::string& context,
                                      const std::string& file);

struct BuiltImage {
  std::vector<ImageCopy> copies;
  InlineFiles texts;  // that no mount lies over
};
// Adds what the image of a service that is built here brings, where compose
// does not say otherwise. Returns the files of the image.
BuiltImage take_built_image(const ProjectFiles& files, ComposeServiceReading& service);

// The type of a mount that stands for a file of the image from elsewhere.
inline constexpr std::string_view kUnseenCopy = "unseen copy";

// Mounts first, which lie over what the image holds.
std::vector<Mount> mounts_and_copies(const std::vector<Mount>& mounts,
                                     const std::vector<ImageCopy>& copies);

}  // namespace rta
