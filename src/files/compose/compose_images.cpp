#include "files/compose/compose_images.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "files/compose/compose.h"

namespace rta {
namespace {

using namespace std::string_view_literals;

// is_boolean_yes of its shell library: nothing else is yes.
bool is_yes(std::string_view value) {
  const std::string lower = lower_ascii(value);
  return lower == "1" || lower == "yes" || lower == "true";
}

class Variables {
 public:
  explicit Variables(const ComposeServiceReading& service) : service_(service) {}
  // An empty variable counts as none, as in the image's own defaults.
  [[nodiscard]] std::string get(const std::string& name, std::string_view fallback = {}) const {
    const auto found = service_.environment.find(name);
    if (found == service_.environment.end() || !found->second.value || found->second.value->empty())
      return std::string{fallback};
    return *found->second.value;
  }
  [[nodiscard]] bool has(const std::string& name) const { return !get(name).empty(); }

 private:
  const ComposeServiceReading& service_;
};

const ComposeMount* mount_below(const ComposeServiceReading& service, std::string_view folder) {
  for (const ComposeMount& mount : service.mounts)
    if (mount.target == folder || mount.target.starts_with(std::string{folder} + "/"))
      return &mount;
  return nullptr;
}

std::unexpected<std::string> not_told(std::string why) { return std::unexpected{std::move(why)}; }

}  // namespace

std::string_view image_repository(std::string_view image) {
  image = image.substr(0, image.find('@'));
  const std::size_t slash = image.rfind('/');
  image = image.substr(0, image.find(':', slash == std::string_view::npos ? 0 : slash));
  for (const std::string_view prefix : {"docker.io/"sv, "index.docker.io/"sv, "library/"sv})
    if (image.starts_with(prefix)) image.remove_prefix(prefix.size());
  return image;
}

bool is_redis_image(std::string_view image) {
  constexpr std::array kNames{"redis"sv,       "valkey"sv, "redis-stack-server"sv,
                              "redis-stack"sv, "keydb"sv,  "redis-server"sv, "redict"sv};
  const std::string_view name = image_repository(image);
  return std::ranges::find(kNames, name.substr(name.rfind('/') + 1)) != kNames.end();
}

bool is_other_server(std::string_view image) {
  constexpr std::array kNames{"dragonfly"sv, "garnet"sv, "kvrocks"sv};
  const std::string_view name = image_repository(image);
  return std::ranges::find(kNames, name.substr(name.rfind('/') + 1)) != kNames.end();
}

bool is_bitnami_redis(std::string_view image) {
  constexpr std::array kNames{"bitnami/redis"sv,        "bitnamilegacy/redis"sv,
                              "bitnamisecure/redis"sv,  "bitnami/valkey"sv,
                              "bitnamilegacy/valkey"sv, "bitnamisecure/valkey"sv};
  return std::ranges::find(kNames, image_repository(image)) != kNames.end();
}

bool is_redis_stack(std::string_view image) {
  const std::string_view name = image_repository(image);
  return name == "redis/redis-stack" || name == "redis/redis-stack-server";
}

bool starts_with_defaults(std::string_view image) {
  const std::string_view name = image_repository(image);
  return name == "redis" || name == "valkey/valkey" || name == "eqalpha/keydb";
}

// As its published libredis.sh does it: with TLS and both ports at 6379 the
// plaintext port is closed; any other pair leaves both open.
ImageArguments bitnami_arguments(const ComposeServiceReading& service) {
  const bool valkey = image_repository(service.image).ends_with("valkey");
  const std::string prefix = valkey ? "VALKEY_" : "REDIS_";
  const std::string home = valkey ? "/opt/bitnami/valkey" : "/opt/bitnami/redis";
  const Variables variables{service};
  const auto own = [&](const char* name, std::string_view fallback = {}) {
    return variables.get(prefix + name, fallback);
  };
  for (const char* folder : {"/etc", "/mounted-etc"})
    if (const ComposeMount* mount = mount_below(service, home + folder))
      return not_told(fmt::format("{} is mounted over the configuration that the image writes",
                                  printable(mount->target, 200)));
  for (const char* name : {"EXTRA_FLAGS", "REPLICATION_MODE"})
    if (variables.has(prefix + name))
      return not_told(fmt::format("{}{} changes what the image writes", prefix, name));
  const bool in_file = variables.has(prefix + "PASSWORD_FILE");
  const bool may_be_empty = is_yes(variables.get("ALLOW_EMPTY_PASSWORD"));
  if (in_file && may_be_empty)
    return not_told(fmt::format("{}PASSWORD_FILE may name an empty file", prefix));
  if (!in_file && !variables.has(prefix + "PASSWORD") && !may_be_empty)
    return not_told(
        fmt::format("the image does not start: it wants {}PASSWORD, or "
                    "ALLOW_EMPTY_PASSWORD=yes",
                    prefix));

  std::vector<std::string> words{"redis-server"};
  const auto add = [&](std::string_view option, std::string value) {
    words.push_back("--" + std::string{option});
    words.push_back(std::move(value));
  };
  if (may_be_empty) add("protected-mode", "no");
  if (is_yes(own("ALLOW_REMOTE_CONNECTIONS", "yes"))) {
    words.insert(words.end(), {"--bind", "0.0.0.0", "::"});
  }
  const std::string port = own("PORT_NUMBER", "6379");
  const std::string tls_port = own("TLS_PORT_NUMBER", own("TLS_PORT", "6379"));
  const bool tls = is_yes(own("TLS_ENABLED"));
  add("port", tls && port == "6379" && tls_port == "6379" ? "0" : port);
  if (tls) {
    add("tls-port", tls_port);
    add("tls-cert-file", own("TLS_CERT_FILE"));
    add("tls-key-file", own("TLS_KEY_FILE"));
    if (variables.has(prefix + "TLS_CA_FILE"))
      add("tls-ca-cert-file", own("TLS_CA_FILE"));
    else
      add("tls-ca-cert-dir", own("TLS_CA_DIR"));
    if (variables.has(prefix + "TLS_KEY_FILE_PASS"))
      add("tls-key-file-pass", own("TLS_KEY_FILE_PASS"));
    if (variables.has(prefix + "TLS_DH_PARAMS_FILE"))
      add("tls-dh-params-file", own("TLS_DH_PARAMS_FILE"));
    add("tls-auth-clients", own("TLS_AUTH_CLIENTS", "yes"));
  }
  // The file wins; with none in it the image does not start.
  if (in_file)
    add("requirepass", std::string{kLeftOutSecret});
  else if (variables.has(prefix + "PASSWORD"))
    add("requirepass", own("PASSWORD"));
  if (variables.has(prefix + "ACLFILE")) add("aclfile", own("ACLFILE"));
  return words;
}

ImageArguments redis_stack_arguments(const ComposeServiceReading& service) {
  if (const ComposeMount* mount = mount_below(service, "/redis-stack.conf"))
    return not_told(printable(mount->target, 200) + " is mounted, which the image reads first");
  const std::string given = Variables{service}.get("REDIS_ARGS");
  if (given.find_first_of("'\"\\$`*?[") != std::string::npos)
    return not_told("a shell splits REDIS_ARGS, and there is more in it than words");
  std::vector<std::string> words{"redis-server"};
  for (const std::string_view word : split(given, ' '))
    if (!word.empty()) words.emplace_back(word);
  return words;
}

}  // namespace rta
