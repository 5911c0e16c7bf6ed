#include "files/clients/redis_variables.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace rta::files {
namespace {

struct Alias {
  std::string_view name;
  VariableMeaning meaning;
};

using enum VariableMeaning;
constexpr std::array kAliases{Alias{"REDIS_TLS_ENABLED", tls_switch},
                              Alias{"REDIS_TLS", tls_switch},
                              Alias{"REDIS_SSL", tls_switch},
                              Alias{"REDIS_USE_TLS", tls_switch},
                              Alias{"REDIS_USE_SSL", tls_switch},
                              Alias{"REDIS_SSL_ENABLED", tls_switch},
                              Alias{"CELERY_BROKER_USE_SSL", tls_switch},
                              Alias{"SPRING_DATA_REDIS_SSL_ENABLED", tls_switch},
                              Alias{"SPRING_REDIS_SSL", tls_switch},
                              Alias{"REDIS_ENABLE_TLS", tls_switch},
                              Alias{"REDIS_ENABLE_SSL", tls_switch},
                              Alias{"REDIS_SCHEME", tls_switch},
                              Alias{"SPRING_DATA_REDIS_SSL", tls_switch},
                              Alias{"SPRING_DATA_REDIS_SSL_BUNDLE", tls_switch},
                              Alias{"REDIS_URL", url},
                              Alias{"REDIS_TLS_URL", url},
                              Alias{"REDIS_URI", url},
                              Alias{"REDIS_DSN", url},
                              Alias{"CACHE_URL", url},
                              Alias{"CELERY_BROKER_URL", url},
                              Alias{"BROKER_URL", url},
                              Alias{"CELERY_RESULT_BACKEND", url},
                              Alias{"RESULT_BACKEND", url},
                              Alias{"RQ_REDIS_URL", url},
                              Alias{"SPRING_DATA_REDIS_URL", url},
                              Alias{"BULL_REDIS_URL", url},
                              Alias{"QUEUE_REDIS_URL", url},
                              Alias{"KV_URL", url},
                              Alias{"REDISCLOUD_URL", url},
                              Alias{"REDISTOGO_URL", url},
                              Alias{"REDIS_CONNECTION_STRING", url},
                              Alias{"REDIS_CONNECTION", url},
                              Alias{"REDIS_CONNECTIONSTRING", url},
                              Alias{"CELERY_BROKER", url},
                              Alias{"REDIS_REST_URL", rest_url},
                              Alias{"KV_REST_API_URL", rest_url},
                              Alias{"KV_REST_API_TOKEN", password},
                              Alias{"REDIS_TLS_CA_PATH", ca},
                              Alias{"REDIS_TLS_CA_CERT", ca},
                              Alias{"REDIS_TLS_CA", ca},
                              Alias{"REDIS_CA_CERT", ca},
                              Alias{"REDIS_SSL_CA_CERTS", ca},
                              Alias{"REDIS_TLS_CA_FILE", ca},
                              Alias{"REDIS_TLS_CERT_PATH", certificate},
                              Alias{"REDIS_TLS_CERT", certificate},
                              Alias{"REDIS_SSL_CERTFILE", certificate},
                              Alias{"REDIS_TLS_KEY_PATH", key},
                              Alias{"REDIS_TLS_KEY", key},
                              Alias{"REDIS_SSL_KEYFILE", key},
                              Alias{"REDIS_TLS_VERIFY", verify},
                              Alias{"REDIS_SSL_VERIFY", verify},
                              Alias{"REDIS_TLS_REJECT_UNAUTHORIZED", verify},
                              Alias{"REDIS_SSL_CERT_REQS", verify},
                              Alias{"REDIS_TLS_INSECURE", skip_verify},
                              Alias{"REDIS_TLS_SKIP_VERIFY", skip_verify},
                              Alias{"REDIS_TLS_INSECURE_SKIP_VERIFY", skip_verify},
                              Alias{"REDIS_SSL_INSECURE", skip_verify},
                              Alias{"REDIS_EXPORTER_SKIP_TLS_VERIFICATION", skip_verify},
                              Alias{"NODE_TLS_REJECT_UNAUTHORIZED", node_kill_switch},
                              Alias{"NODE_ENV", node_env},
                              Alias{"NODE_EXTRA_CA_CERTS", ca},
                              Alias{"SSL_CERT_FILE", ca},
                              Alias{"REDIS_HOST", host},
                              Alias{"REDIS_HOSTNAME", host},
                              Alias{"SPRING_DATA_REDIS_HOST", host},
                              Alias{"REDIS_MASTER_HOST", host},
                              Alias{"REDIS_ADDR", address},
                              Alias{"REDIS_ADDRESS", address},
                              Alias{"REDIS_ENDPOINT", address},
                              Alias{"REDIS_SERVER", address},
                              Alias{"REDIS_HOSTS", address},
                              Alias{"REDIS_NODES", address},
                              Alias{"REDIS_CLUSTER", address},
                              Alias{"REDIS_CLUSTER_NODES", address},
                              Alias{"REDIS_PORT", port},
                              Alias{"REDIS_TLS_PORT", port},
                              Alias{"SPRING_DATA_REDIS_PORT", port},
                              Alias{"REDIS_USER", username},
                              Alias{"REDIS_USERNAME", username},
                              Alias{"REDIS_ACL_USER", username},
                              Alias{"REDIS_PASSWORD", password},
                              Alias{"REDIS_PASS", password},
                              Alias{"REDIS_AUTH", password},
                              Alias{"REDIS_AUTH_TOKEN", password},
                              Alias{"REDIS_ACL_PASSWORD", password},
                              Alias{"SPRING_DATA_REDIS_PASSWORD", password}};

bool holds_a_secret(std::string_view name) {
  return std::ranges::any_of(
      std::array{"PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "TOKEN"},
      [&](std::string_view part) { return name.find(part) != std::string_view::npos; });
}

bool is_redis_name(std::string_view name) {
  return std::ranges::any_of(std::array{"REDIS", "VALKEY"}, [&](std::string_view part) {
    return name.find(part) != std::string_view::npos;
  });
}

std::optional<VariableMeaning> known_meaning(std::string_view name) {
  const auto found = std::ranges::find(kAliases, name, &Alias::name);
  return found == kAliases.end() ? std::nullopt : std::optional{found->meaning};
}

// "APP_REDIS_HOST" and "VALKEY_HOST" are named after "REDIS_HOST".
std::optional<VariableMeaning> meaning_by_end(std::string_view name) {
  for (const std::string_view store : {"REDIS_", "VALKEY_"})
    if (const std::size_t at = name.rfind(store); at != std::string_view::npos)
      return known_meaning("REDIS_" + std::string{name.substr(at + store.size())});
  return std::nullopt;
}

bool has_redis_scheme(std::string_view value) {
  const std::string_view scheme = trim(value.substr(0, value.find("://")));
  if (scheme.size() == value.size() || scheme.empty()) return false;
  const std::string lower = lower_ascii(scheme);
  return std::ranges::any_of(
      std::array{"redis", "rediss", "valkey", "valkeys", "rediscache"}, [&](std::string_view known) {
        return lower == known || lower.starts_with(std::string{known} + "+") ||
               lower == std::string{known} + "-sentinel";
      });
}

// "ConnectionStrings__Redis" of .NET.
bool is_connection_string(std::string_view name) {
  const std::string lower = lower_ascii(name);
  return lower.starts_with("connectionstrings__") &&
         (lower.find("redis") != std::string::npos || lower.find("valkey") != std::string::npos);
}

}  // namespace

std::optional<VariableMeaning> meaning_of_variable(std::string_view name) {
  if (const auto known = known_meaning(name)) return known;
  if (is_connection_string(name)) return url;
  if (!is_redis_name(name)) return std::nullopt;
  if (const auto by_end = meaning_by_end(name)) return by_end;
  if (name.ends_with("_URL") || name.ends_with("_URI") || name.ends_with("_DSN")) return url;
  return holds_a_secret(name) ? password : other_redis;
}

std::optional<VariableMeaning> meaning_of_setting(std::string_view name, std::string_view value) {
  const auto by_name = meaning_of_variable(name);
  const bool names_itself = by_name == url || by_name == rest_url || by_name == ca ||
                            by_name == certificate || by_name == key;
  return !names_itself && has_redis_scheme(value) ? std::optional{url} : by_name;
}

bool names_redis(std::string_view name) {
  const std::optional<VariableMeaning> meaning = meaning_of_variable(name);
  return meaning && *meaning != node_env && *meaning != node_kill_switch &&
         name != "NODE_EXTRA_CA_CERTS" && name != "SSL_CERT_FILE" && name != "CACHE_URL" &&
         name != "RESULT_BACKEND" && name != "BROKER_URL" && name != "KV_URL" &&
         name != "CELERY_BROKER";
}

std::optional<std::string> look_alike_of(std::string_view name) {
  constexpr std::size_t kShortest = 9;  // shorter names have too many neighbours
  if (name.size() < kShortest || std::ranges::find(kAliases, name, &Alias::name) != kAliases.end())
    return std::nullopt;
  std::string upper{name};
  for (char& c : upper)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  for (const Alias& alias : kAliases) {
    const bool decides = alias.name.find("TLS") != std::string_view::npos ||
                         alias.name.find("SSL") != std::string_view::npos;
    if (!decides || alias.name.size() < kShortest || alias.meaning == port) continue;
    if (alias.name == upper || edit_distance(upper, alias.name, 3) <= 2)
      return std::string{alias.name};
  }
  return std::nullopt;
}

const std::vector<std::string>& known_variables() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const Alias& alias : kAliases) all.emplace_back(alias.name);
    return all;
  }();
  return names;
}

}  // namespace rta::files
