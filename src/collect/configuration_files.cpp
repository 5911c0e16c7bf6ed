#include "collect/configuration_files.h"

#include <fmt/format.h>
#include <fnmatch.h>
#include <redis_tls_audit/limits.h>

#include "base/text.h"
#include "collect/built_image.h"
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

RedisConfFiles::Text read_mapped(const ProjectFiles& files, const PathMap& paths,
                                 const std::string& path, std::set<std::string>& seen) {
  if (const InlineFile* written = paths.inline_file(path))
    return {.text = in_its_lines(*written), .path = written->at.path};
  const auto mapped = paths.project_path(path);
  if (!mapped) return {.path = path, .gap = paths.not_here(path)};
  const Observation<OpenedFile> file = files.read(*mapped, limits::kTextFile);
  // What is missing here may exist where the server runs: never a refusal.
  if (const Gap* gap = file.gap()) return {.path = *mapped, .gap = *gap};
  seen.insert(files.relative(*mapped));
  return {.text = std::string{as_text(file->bytes)}, .path = files.relative(*mapped)};
}

NamedFile named_file(const ProjectFiles& files, const PathMap& paths,
                     const RedisConfReading& reading, const NamedAs& named,
                     const std::string& declared) {
  NamedFile file;
  file.declared = printable(declared, 400);
  file.placeholder = looks_like_placeholder_path(declared);
  file.reference = {named.use, reading.facts.where(std::string{named.directive}),
                    reading.facts.source};
  const std::string path = join_path(reading.working_directory, declared);
  const auto mapped = paths.project_path(path);
  file.path = mapped ? files.relative(*mapped) : declared;
  if (mapped)
    file.file = files.inspect(*mapped);
  else
    file.file = Observation<FileFacts>{paths.not_here(path)};
  return file;
}

// The file of the tree that stands for a file of the host: one alone, or none.
std::string twin_of(const ProjectFiles& files, const std::string& path) {
  if (!path.starts_with('/') || files.exists(path)) return path;
  const std::string name = path.substr(path.rfind('/') + 1);
  const bool by_name = name.ends_with(".conf") || name.ends_with(".acl");
  std::vector<std::string> whole, named;
  for (const TreeEntry& entry : files.listing().entries) {
    if ("/" + entry.path == path || entry.path.ends_with(path)) whole.push_back(entry.path);
    if (by_name && (entry.path == name || entry.path.ends_with("/" + name)))
      named.push_back(entry.path);
  }
  if (whole.size() == 1) return whole.front();
  return whole.empty() && named.size() == 1 ? named.front() : path;
}

}  // namespace

PathMap PathMap::of_tree(const ProjectFiles& files, const std::string& configuration) {
  PathMap map;
  map.files_ = &files;
  const std::size_t slash = configuration.rfind('/');
  map.folder_ = slash == std::string::npos ? "" : configuration.substr(0, slash);
  return map;
}

PathMap PathMap::of_host(const ProjectFiles& files) {
  PathMap map;
  map.files_ = &files;
  map.is_host_ = true;
  return map;
}

PathMap PathMap::of_container(std::vector<Mount> mounts, InlineFiles texts) {
  PathMap map;
  map.is_container_ = true;
  map.mounts_ = std::move(mounts);
  map.texts_ = std::move(texts);
  return map;
}

const InlineFile* PathMap::inline_file(const std::string& path) const {
  const auto found = texts_.find(path);
  return found == texts_.end() ? nullptr : &found->second;
}

std::vector<std::string> PathMap::glob(const ProjectFiles& files,
                                       const std::string& pattern) const {
  std::vector<std::string> found;
  const auto matches = [](const std::string& wanted, const std::string& path) {
    return fnmatch(wanted.c_str(), path.c_str(), FNM_PATHNAME | FNM_PERIOD) == 0;
  };
  if (!is_container_) {
    const std::string mapped = files.relative(project_path(pattern).value_or(pattern));
    for (const TreeEntry& entry : files.listing().entries)
      if (matches(mapped, entry.path)) found.push_back(files.root() + "/" + entry.path);
    return found;
  }
  for (const auto& [path, text] : texts_)
    if (matches(pattern, path)) found.push_back(path);
  for (const Mount& mount : mounts_) {
    if (mount.source.empty() || mount.type == "volume" || mount.type == "tmpfs") continue;
    const std::string source = files.relative(mount.source);
    for (const TreeEntry& entry : files.listing().entries) {
      const bool below = source == "." || entry.path.starts_with(source + "/");
      if (!below && entry.path != source) continue;
      const std::string rest = source == "." ? "/" + entry.path : entry.path.substr(source.size());
      std::string path = mount.target + rest;
      // Another mount may lie over it.
      if (matches(pattern, path) && inline_file(path) == nullptr &&
          files.relative(project_path(path).value_or("")) == entry.path)
        found.push_back(std::move(path));
    }
  }
  std::ranges::sort(found);
  found.erase(std::ranges::unique(found).begin(), found.end());
  return found;
}

const Mount* PathMap::kept_elsewhere(const std::string& path) const {
  const Mount* nearest = nullptr;
  for (const Mount& mount : mounts_)
    if ((mount.target == path || path.starts_with(mount.target + "/")) &&
        (nearest == nullptr || mount.target.size() > nearest->target.size()))
      nearest = &mount;
  const bool is_grant = nearest != nullptr && nearest->source.empty() &&
                        (nearest->type == "secret" || nearest->type == "config");
  return is_grant ? nearest : nullptr;
}

// Secrets and configs that compose itself does not hold either are kept
// elsewhere, which is right; anything else is missing.
Gap PathMap::not_here(const std::string& path) const {
  const std::string shown = printable(path, 200);
  if (const InlineFile* written = inline_file(path))
    return {GapReason::unsupported,
            fmt::format("{} is written out at {}, and was not judged as a file", shown,
                        written->at.text()),
            "name the running server with --target"};
  if (const Mount* mount = kept_elsewhere(path))
    return {GapReason::left_out,
              fmt::format("{} is a {} that is kept outside of the project ({})", shown, mount->type,
                          mount->location.text()),
              "name the running server with --target"};
  if (const Mount* mount = around(path); mount != nullptr && mount->type == kUnseenCopy)
    return {GapReason::unsupported,
            fmt::format("{} gets into the image from elsewhere, or as only the build knows it", shown),
            "name the running server with --target"};
  return {GapReason::not_found,
          fmt::format("{} is inside the container and nothing of the project is mounted there",
                      shown),
          "mount the file from the project, or name the running server with --target"};
}

std::string in_its_lines(const InlineFile& file) {
  const int above = std::max(file.at.line - 1, 0);
  return std::string(static_cast<std::size_t>(above), '\n') + file.text;
}

bool PathMap::covers(const Mount& mount, const std::string& path) {
  std::string_view target = mount.target;
  while (target.size() > 1 && target.ends_with('/')) target.remove_suffix(1);
  return path == target || (path.starts_with(target) && path.size() > target.size() &&
                            (target == "/" || path[target.size()] == '/'));
}

const Mount* PathMap::around(const std::string& path) const {
  const Mount* best = nullptr;
  for (const Mount& mount : mounts_) {
    const bool empty = mount.source.empty() && mount.type != kUnseenCopy;
    if (empty || mount.type == "volume" || mount.type == "tmpfs") continue;
    if (covers(mount, path) && (best == nullptr || mount.target.size() > best->target.size()))
      best = &mount;
  }
  return best;
}

std::optional<std::string> PathMap::project_path(const std::string& path) const {
  if (is_host_) return twin_of(*files_, path);
  if (inline_file(path) != nullptr || kept_elsewhere(path) != nullptr) return std::nullopt;
  if (!is_container_) {
    if (path.starts_with('/') || folder_.empty() || files_->exists(path)) return path;
    return join_path(folder_, path);
  }
  const Mount* best = around(path);
  if (best == nullptr || best->source.empty()) return std::nullopt;
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
      .glob = [&](const std::string& pattern) { return paths.glob(files, pattern); }};
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
