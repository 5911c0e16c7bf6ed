#include "collect/configuration_files.h"

#include <fmt/format.h>
#include <fnmatch.h>
#include <redis_tls_audit/limits.h>

#include "base/text.h"
#include "files/redis_conf/redis_directives.h"

namespace rta {
namespace {

struct NamedAs {
  std::string_view directive;
  FileUse use;
};

constexpr NamedAs kFiles[]{{"tls-cert-file", FileUse::server_certificate},
                           {"tls-key-file", FileUse::server_key},
                           {"tls-ca-cert-file", FileUse::server_ca},
                           {"tls-client-cert-file", FileUse::client_certificate},
                           {"tls-client-key-file", FileUse::client_key},
                           {"tls-dh-params-file", FileUse::dh_parameters}};

Gap not_mounted(const std::string& path) {
  return {GapReason::not_found,
          fmt::format("{} is inside the container and nothing of the project is mounted there",
                      printable(path, 200)),
          "mount the file from the project, or name the running server with --target"};
}

RedisConfFiles::Text read_mapped(const ProjectFiles& files, const PathMap& paths,
                                 const std::string& path, std::set<std::string>& seen) {
  const auto mapped = paths.project_path(path);
  if (!mapped) return {.path = path, .gap = not_mounted(path)};
  const Observation<OpenedFile> file = files.read(*mapped, limits::kTextFile);
  // What is missing here may exist where the server runs: never a refusal.
  if (const Gap* gap = file.gap()) return {.path = *mapped, .gap = *gap};
  seen.insert(files.relative(*mapped));
  return {.text = std::string{as_text(file->bytes)}, .path = files.relative(*mapped)};
}

std::vector<std::string> glob_mapped(const ProjectFiles& files, const PathMap& paths,
                                     const std::string& pattern) {
  const std::string mapped = paths.project_path(pattern).value_or("");
  std::vector<std::string> found;
  if (mapped.empty()) return found;
  const std::string relative = files.relative(mapped);
  for (const TreeEntry& entry : files.listing().entries)
    if (fnmatch(relative.c_str(), entry.path.c_str(), FNM_PATHNAME | FNM_PERIOD) == 0)
      found.push_back(files.root() + "/" + entry.path);
  return found;
}

NamedFile named_file(const ProjectFiles& files, const PathMap& paths,
                     const RedisConfReading& reading, const NamedAs& named,
                     const std::string& declared) {
  NamedFile file;
  file.declared = printable(declared, 400);
  file.placeholder = looks_like_placeholder_path(declared);
  file.reference = {named.use, reading.facts.where(std::string{named.directive}),
                    reading.facts.source};
  const auto mapped = paths.project_path(join_path(reading.working_directory, declared));
  file.path = mapped ? files.relative(*mapped) : declared;
  if (mapped)
    file.file = files.inspect(*mapped);
  else
    file.file = Observation<FileFacts>{not_mounted(declared)};
  return file;
}

}  // namespace

PathMap PathMap::of_tree(const ProjectFiles& files, const std::string& configuration) {
  PathMap map;
  map.files_ = &files;
  const std::size_t slash = configuration.rfind('/');
  map.folder_ = slash == std::string::npos ? "" : configuration.substr(0, slash);
  return map;
}

PathMap PathMap::of_container(std::vector<Mount> mounts) {
  PathMap map;
  map.is_container_ = true;
  map.mounts_ = std::move(mounts);
  return map;
}

std::optional<std::string> PathMap::project_path(const std::string& path) const {
  if (!is_container_) {
    if (path.starts_with('/') || folder_.empty() || files_->exists(path)) return path;
    return join_path(folder_, path);
  }
  const Mount* best = nullptr;
  for (const Mount& mount : mounts_) {
    if (mount.source.empty() || mount.type == "volume" || mount.type == "tmpfs") continue;
    std::string_view target = mount.target;
    while (target.size() > 1 && target.ends_with('/')) target.remove_suffix(1);
    const bool covers =
        path == target || (path.starts_with(target) && path.size() > target.size() &&
                           (target == "/" || path[target.size()] == '/'));
    if (covers && (best == nullptr || mount.target.size() > best->target.size())) best = &mount;
  }
  if (best == nullptr) return std::nullopt;
  std::string_view target = best->target;
  while (target.ends_with('/')) target.remove_suffix(1);
  return best->source + path.substr(std::min(path.size(), target.size()));
}

std::set<std::string> add_redis_configuration(CollectContext& context, Evidence& evidence,
                                              const RedisConfInput& input, const PathMap& paths,
                                              const std::string& service) {
  const ProjectFiles& files = *context.files;
  std::set<std::string> seen;
  const RedisConfFiles world{
      .read = [&](const std::string& path) { return read_mapped(files, paths, path, seen); },
      .glob = [&](const std::string& pattern) { return glob_mapped(files, paths, pattern); }};
  RedisConfReading reading = read_redis_conf(input, world);
  reading.facts.service = service;
  for (const auto& [name, secret] : reading.secrets)
    (void)describe_secret(secret.expose(), context.secrets);
  for (const NamedAs& named : kFiles) {
    const std::string* declared = reading.facts.value(std::string{named.directive});
    if (declared == nullptr || declared->empty()) continue;
    evidence.named_files.push_back(named_file(files, paths, reading, named, *declared));
  }
  evidence.redis_configurations.push_back(std::move(reading.facts));
  return seen;
}

}  // namespace rta
