// The parts of the compose specification's schema that decide whether a
// project is refused: names of keys, and types of what we read.
#include <fmt/format.h>

#include "base/text.h"
#include "files/compose_loader.h"

namespace rta {
namespace {

constexpr std::string_view kTopLevel[]{"version",  "name",    "include", "services",
                                       "networks", "volumes", "secrets", "configs"};

constexpr std::string_view kService[]{"annotations",
                                      "attach",
                                      "blkio_config",
                                      "build",
                                      "cap_add",
                                      "cap_drop",
                                      "cgroup",
                                      "cgroup_parent",
                                      "command",
                                      "configs",
                                      "container_name",
                                      "cpu_count",
                                      "cpu_percent",
                                      "cpu_period",
                                      "cpu_quota",
                                      "cpu_rt_period",
                                      "cpu_rt_runtime",
                                      "cpu_shares",
                                      "cpus",
                                      "cpuset",
                                      "credential_spec",
                                      "depends_on",
                                      "deploy",
                                      "develop",
                                      "device_cgroup_rules",
                                      "devices",
                                      "dns",
                                      "dns_opt",
                                      "dns_search",
                                      "domainname",
                                      "entrypoint",
                                      "env_file",
                                      "environment",
                                      "expose",
                                      "extends",
                                      "external_links",
                                      "extra_hosts",
                                      "gpus",
                                      "group_add",
                                      "healthcheck",
                                      "hostname",
                                      "image",
                                      "init",
                                      "ipc",
                                      "isolation",
                                      "label_file",
                                      "labels",
                                      "links",
                                      "logging",
                                      "mac_address",
                                      "mem_limit",
                                      "mem_reservation",
                                      "mem_swappiness",
                                      "memswap_limit",
                                      "network_mode",
                                      "networks",
                                      "oom_kill_disable",
                                      "oom_score_adj",
                                      "pid",
                                      "pids_limit",
                                      "platform",
                                      "ports",
                                      "post_start",
                                      "pre_stop",
                                      "privileged",
                                      "profiles",
                                      "provider",
                                      "pull_policy",
                                      "read_only",
                                      "restart",
                                      "runtime",
                                      "scale",
                                      "secrets",
                                      "security_opt",
                                      "shm_size",
                                      "stdin_open",
                                      "stop_grace_period",
                                      "stop_signal",
                                      "storage_opt",
                                      "sysctls",
                                      "tmpfs",
                                      "tty",
                                      "ulimits",
                                      "user",
                                      "userns_mode",
                                      "uts",
                                      "volumes",
                                      "volumes_from",
                                      "working_dir"};

Error at(const YamlNode& node, std::string what) {
  return {std::move(what), node.location.text(), ""};
}

bool is_text(const YamlNode& node) {
  return node.is_scalar() && type_scalar(node).kind == YamlValue::Kind::string;
}

template <class Names>
Result<void> check_keys(const YamlNode& map, const Names& names, const std::string& path) {
  for (const auto& [key, value] : map.entries)
    if (!key.starts_with("x-") && std::ranges::count(names, std::string_view{key}) == 0)
      return at(value, fmt::format("{} additional properties '{}' not allowed", path,
                                   printable(key, 100)));
  return {};
}

Result<void> check_command(const YamlNode& service, const std::string& key,
                           const std::string& path) {
  const YamlNode* command = service.find(key);
  if (command == nullptr || command->is_null()) return {};
  if (command->is_map() || (command->is_scalar() && !is_text(*command)))
    return at(*command, fmt::format("{}.{} must be a string", path, key));
  for (std::size_t i = 0; i < command->items.size(); ++i)
    if (!is_text(command->items[i]))
      return at(command->items[i], fmt::format("{}.{}.{} must be a string", path, key, i));
  return {};
}

Result<void> check_environment(const YamlNode& service, const std::string& path) {
  const YamlNode* environment = service.find("environment");
  if (environment == nullptr || environment->is_null()) return {};
  if (environment->is_scalar()) return at(*environment, path + ".environment must be a mapping");
  for (std::size_t i = 0; i < environment->items.size(); ++i)
    if (!is_text(environment->items[i]))
      return at(environment->items[i], fmt::format("{}.environment.{} must be a string", path, i));
  for (const auto& [name, value] : environment->entries)
    if (value.is_map() || value.is_sequence())
      return at(value, fmt::format("{}.environment.{} must be a string, number, boolean or null",
                                   path, printable(name, 80)));
  return {};
}

Result<void> check_list(const YamlNode& service, const std::string& key, const std::string& path) {
  const YamlNode* list = service.find(key);
  if (list != nullptr && !list->is_sequence() && !list->is_null())
    return at(*list, fmt::format("{}.{} must be a list", path, key));
  return {};
}

Result<void> check_service(const std::string& name, const YamlNode& service) {
  const std::string path = "services." + printable(name, 100);
  if (service.is_null()) return {};
  if (!service.is_map()) return at(service, path + " must be a mapping");
  if (Result<void> keys = check_keys(service, kService, path); !keys) return keys;
  for (const std::string key : {"command", "entrypoint"})
    if (Result<void> done = check_command(service, key, path); !done) return done;
  if (Result<void> done = check_environment(service, path); !done) return done;
  for (const std::string key : {"ports", "volumes", "expose", "secrets", "configs", "profiles"})
    if (Result<void> done = check_list(service, key, path); !done) return done;
  for (const std::string key : {"image", "user", "network_mode", "container_name"})
    if (const YamlNode* value = service.find(key);
        value != nullptr && !value->is_null() && !is_text(*value))
      return at(*value, fmt::format("{}.{} must be a string", path, key));
  return {};
}

bool is_service_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

}  // namespace

Result<void> check_compose_schema(const YamlNode& document) {
  if (Result<void> keys = check_keys(document, kTopLevel, "(root)"); !keys) return keys;
  const YamlNode* services = document.find("services");
  if (services == nullptr || services->is_null()) return {};
  if (!services->is_map()) return at(*services, "services must be a mapping");
  for (const auto& [name, service] : services->entries) {
    if (!is_service_name(name))
      return at(service, fmt::format("services additional properties '{}' not allowed",
                                     printable(name, 100)));
    if (Result<void> done = check_service(name, service); !done) return done;
  }
  return {};
}

}  // namespace rta
