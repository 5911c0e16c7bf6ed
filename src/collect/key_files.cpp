// Every private key that the project holds or names: its mode, its owner and
// its public half. No byte of a key is kept.
#include <fmt/format.h>

#include <pwd.h>

#include <array>
#include <charconv>
#include <set>

#include "base/text.h"
#include "collect/collectors.h"
#include "collect/key_material.h"
#include "x509/certificate.h"

namespace rta {
namespace {

void take_file(const std::string& path, const std::vector<FileReference>& references,
               const Observation<OpenedFile>& opened, Evidence& evidence) {
  const bool is_named = is_named_as(references, is_key_use);
  const Provenance provenance{"key_files", {}, {path, 0, 0}, "fstat, read", Grade::observed};
  if (opened.gap() != nullptr) {
    if (is_named) evidence.key_files.emplace_back(*opened.gap(), provenance);
    return;
  }
  std::vector<KeyFile> keys = read_keys(opened->bytes);
  if (keys.empty() && is_named)
    evidence.key_files.emplace_back(
        Gap{GapReason::malformed,
            printable(path) + " is named as a private key and holds none",
            {}},
        provenance);
  for (KeyFile& key : keys) {
    key.file = opened->facts;
    key.references = references;
    evidence.key_files.emplace_back(std::move(key), provenance);
  }
}

std::set<std::string> authority_keys(const Evidence& evidence) {
  std::set<std::string> keys;
  for (const Observation<CertificateFile>& file : evidence.certificate_files) {
    if (!file.has_value()) continue;
    for (const Bytes& der : file->certificates)
      if (const Result<x509::Certificate> read = x509::parse_certificate(der);
          read && read->is_ca())
        keys.insert(read->spki_sha256);
  }
  return keys;
}

void fill_mounts(const ProjectFiles& files, Evidence& evidence) {
  ComposeProject* compose = evidence.compose.value();
  if (compose == nullptr) return;
  const std::set<std::string> authorities = authority_keys(evidence);
  for (ComposeService& service : compose->services) {
    for (Mount& mount : service.mounts) {
      if (mount.source.empty() || mount.type == "volume") continue;
      const std::string source = files.relative(mount.source);
      mount.is_directory = mount.is_directory || files.is_directory(source);
      for (const Observation<KeyFile>& key : evidence.key_files) {
        if (!key.has_value()) continue;
        const std::string& path = key->file.path;
        if (source != "." && path != source && !path.starts_with(source + "/")) continue;
        mount.private_keys.push_back(path);
        if (authorities.contains(key->spki_sha256)) mount.ca_private_keys.push_back(path);
      }
    }
  }
}

std::string image_name(std::string_view image) {
  for (const std::string_view prefix : {"docker.io/", "index.docker.io/", "library/"})
    if (image.starts_with(prefix)) image.remove_prefix(prefix.size());
  const std::string_view without_digest = image.substr(0, image.find('@'));
  return std::string{without_digest.substr(0, without_digest.find(':'))};
}

std::optional<std::uint32_t> number(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional{value}
                                                                  : std::nullopt;
}

// The accounts in the published images.
std::optional<std::uint32_t> uid_of_image(const std::string& image) {
  const std::string name = image_name(image);
  if (name == "redis" || name == "valkey/valkey" || name == "redis/redis-stack-server") return 999;
  if (name == "bitnami/redis" || name == "bitnami/valkey") return 1001;
  return std::nullopt;
}

std::optional<std::uint32_t> local_redis_account() {
  std::array<char, 16384> buffer{};
  struct passwd record{};
  struct passwd* found = nullptr;
  if (::getpwnam_r("redis", &record, buffer.data(), buffer.size(), &found) != 0 || found == nullptr)
    return std::nullopt;
  return found->pw_uid;
}

void find_service_account(const ProjectFiles& files, Evidence& evidence) {
  if (const ComposeProject* compose = evidence.compose.value()) {
    for (const ComposeService& service : compose->services) {
      if (!service.is_redis) continue;
      const std::string user = service.user.substr(0, service.user.find(':'));
      evidence.service_uid = user.empty() ? uid_of_image(service.image) : number(user);
      evidence.service_uid_reason =
          !user.empty() ? fmt::format("service {} sets user {}", service.name, printable(user, 40))
          : evidence.service_uid ? fmt::format("image {} runs redis-server as uid {}",
                                               printable(service.image, 80), *evidence.service_uid)
                                 : fmt::format("which account image {} uses is not known",
                                               printable(service.image, 80));
      return;
    }
  }
  const bool describes_this_host = evidence.scope.host_is_local || files.root().starts_with("/etc");
  if (!describes_this_host) {
    evidence.service_uid_reason =
        "no compose service runs Redis, and the project does not describe this host";
    return;
  }
  evidence.service_uid = local_redis_account();
  evidence.service_uid_reason =
      evidence.service_uid ? "account redis of this host" : "this host has no account redis";
}

bool is_compose_file(const Evidence& evidence, const std::string& path) {
  const ComposeProject* compose = evidence.compose.value();
  return compose != nullptr && std::ranges::count(compose->files, path) > 0;
}

// Files of the project in which somebody wrote a secret.
std::set<std::string> paths_with_secrets(const Evidence& evidence) {
  std::set<std::string> paths;
  for (const RedisConfiguration& configuration : evidence.redis_configurations) {
    for (const Directive& directive : configuration.directives)
      for (const std::string& argument : directive.arguments)
        if (argument.contains("***") && !directive.from_command_line)
          paths.insert(directive.location.path);
    for (const ConfigurationUser& user : configuration.users)
      if (user.passwords > 0) paths.insert(user.location.path);
  }
  // What a compose service gets may come from an env_file, which has a consumer
  // of its own; the compose file itself holds only what is written out there.
  for (const Consumer& consumer : evidence.consumers)
    for (const Setting& setting : consumer.settings)
      if (setting.is_secret && !is_compose_file(evidence, setting.location.path))
        paths.insert(setting.location.path);
  if (const ComposeProject* compose = evidence.compose.value())
    for (const ComposeService& service : compose->services)
      if (!service.literal_secrets.empty()) paths.insert(service.location.path);
  paths.erase("");
  return paths;
}

}  // namespace

void collect_key_files(CollectContext& context, Evidence& evidence) {
  if (context.files == nullptr) return;
  context.progress("reading private keys' modes and owners");
  read_each(context, files_to_read(*context.files, evidence),
            [&](const std::string& path, const std::vector<FileReference>& references,
                const Observation<OpenedFile>& opened) {
              take_file(path, references, opened, evidence);
            });
  if (const std::optional<Gap>& gap = context.files->listing().gap)
    evidence.scope.notes.push_back(*gap);
  fill_mounts(*context.files, evidence);
  find_service_account(*context.files, evidence);
  for (const std::string& path : paths_with_secrets(evidence))
    evidence.secret_files.push_back(context.files->inspect(path));
}

}  // namespace rta
