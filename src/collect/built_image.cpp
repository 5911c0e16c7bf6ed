#include "collect/built_image.h"

#include <redis_tls_audit/limits.h>

#include <algorithm>

#include "base/text.h"
#include "files/compose/compose_images.h"
#include "files/docker/dockerfile.h"

namespace rta {
namespace {

std::string inside(const std::string& folder, const std::string& path) {
  return folder.empty() || folder == "." ? path : folder + "/" + path;
}

// Lines of a Dockerfile inside the compose file are not told one by one.
SourceLocation place_of(const std::string& path, int line, const ComposeServiceReading& service) {
  return service.build_inline.empty() ? SourceLocation{path, line, 1} : service.location;
}

// Variables of the image hold where compose sets none; a name that compose
// passes on without a value unsets nothing.
void take_variables(const files::DockerImage& image, const std::string& path,
                    ComposeServiceReading& service) {
  for (const files::DockerVariable& variable : image.variables) {
    ComposeVariable& mine = service.environment[variable.name];
    if (!mine.value) mine = {variable.value, place_of(path, variable.line, service), true};
  }
}

bool names_redis_server(const std::optional<files::DockerCommand>& command) {
  return command && std::ranges::any_of(command->words, [](const std::string& word) {
           return word.find("redis-server") != std::string::npos;
         });
}

// An entry point of compose's own ends the image's command.
void take_command(const files::DockerImage& image, const std::string& path,
                  ComposeServiceReading& service) {
  if (service.entrypoint) return;
  if (image.entrypoint) service.entrypoint = image.entrypoint->words;
  const bool has_options = image.entrypoint && std::ranges::any_of(
      image.entrypoint->words, [](const std::string& word) { return word.find("--") != std::string::npos; });
  if (has_options) service.command_at = place_of(path, image.entrypoint->line, service);
  if (service.command) return;
  if (image.command) {
    service.command = image.command->words;
    if (!has_options) service.command_at = place_of(path, image.command->line, service);
    service.command_is_literal = std::ranges::none_of(
        image.command->words,
        [](const std::string& word) { return word.find('$') != std::string::npos; });
  } else if (!image.entrypoint && starts_with_defaults(image.base)) {
    service.command = std::vector<std::string>{"redis-server"};
  }
}

bool lies_under_mount(const std::string& path, const ComposeServiceReading& service) {
  return std::ranges::any_of(service.mounts, [&](const ComposeMount& mount) {
    return path == mount.target || path.starts_with(mount.target + "/");
  });
}

// A named volume begins with what the image holds there; a folder of the host does not.
bool is_hidden(const ImageCopy& copy, const std::vector<Mount>& mounts) {
  return std::ranges::any_of(mounts, [&](const Mount& mount) {
    return mount.type == "bind" &&
           (copy.target == mount.target || copy.target.starts_with(mount.target + "/"));
  });
}

}  // namespace

std::optional<BuildPlace> build_place(const ProjectFiles& files, const std::string& context,
                                      const std::string& file) {
  if (context.empty() || context.contains("://")) return std::nullopt;
  std::string folder = files.relative(context);
  if (folder == ".") folder.clear();
  if (folder.starts_with('/') || folder.starts_with("..")) return std::nullopt;
  std::string dockerfile = lexically_normal(inside(folder, file.empty() ? "Dockerfile" : file));
  return BuildPlace{std::move(folder), std::move(dockerfile)};
}

BuiltImage take_built_image(const ProjectFiles& files, ComposeServiceReading& service) {
  const auto place = build_place(files, service.build_context, service.build_file);
  if (!place) return {};
  std::string text = service.build_inline;
  std::string shown = service.location.path;
  if (text.empty()) {
    const Observation<OpenedFile> opened = files.read(place->dockerfile, limits::kTextFile);
    if (!opened.has_value()) return {};
    text = as_text(opened->bytes);
    shown = printable(place->dockerfile, 300);
  }
  const files::DockerImage image = files::read_docker_image(text, service.build_target);
  take_variables(image, shown, service);
  const bool runs_redis = is_redis_image(image.base) || names_redis_server(image.command) ||
                          names_redis_server(image.entrypoint);
  if (runs_redis) {
    take_command(image, shown, service);
    // A tag that compose gives to what it builds says nothing.
    service.image = image.base;
    if (service.user.empty()) service.user = image.user;
  }
  BuiltImage built;
  for (const files::DockerCopy& copy : image.copies)
    if (!copy.sources.empty())
      built.copies.push_back(
          {lexically_normal(inside(place->context, copy.sources.front())), copy.target});
    else if (runs_redis)
      built.copies.push_back({"", copy.target});
  for (const files::DockerText& one : image.texts)
    if (!lies_under_mount(one.target, service))
      built.texts[one.target] = {one.text, place_of(shown, one.line, service)};
  return built;
}

std::vector<Mount> mounts_and_copies(const std::vector<Mount>& mounts,
                                     const std::vector<ImageCopy>& copies) {
  std::vector<Mount> all = mounts;
  // The last copy to a place is the one that stays.
  for (auto copy = copies.rbegin(); copy != copies.rend(); ++copy)
    if (!is_hidden(*copy, mounts))
      all.push_back({.type = copy->source.empty() ? std::string{kUnseenCopy} : "bind",
                     .source = copy->source,
                     .target = copy->target});
  return all;
}

}  // namespace rta
