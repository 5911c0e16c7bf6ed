// The parts of the compose specification's schema that decide whether a
// project is refused: names of keys, kinds of values, keys that must be there.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "files/compose/compose_loader.h"
#include "files/compose/tree_path.h"

namespace rta {
namespace {

// Shape says what may stand at a place. Kinds: s string, n number, b boolean,
// 0 null, l list, m map. Keys: names by blanks; "*" chosen by the user;
// "**" anything. A key in `needed` must be there once all files are merged.
struct Shape {
  std::string_view path, kinds, keys = "", needed = "";
};

constexpr std::string_view kServiceKeys =
    "annotations attach blkio_config build cap_add cap_drop cgroup cgroup_parent command configs "
    "container_name cpu_count cpu_percent cpu_period cpu_quota cpu_rt_period cpu_rt_runtime "
    "cpu_shares cpus cpuset credential_spec depends_on deploy develop device_cgroup_rules devices "
    "dns dns_opt dns_search domainname entrypoint env_file environment expose extends "
    "external_links extra_hosts gpus group_add healthcheck hostname image init ipc isolation "
    "label_file labels links logging mac_address mem_limit mem_reservation mem_swappiness "
    "memswap_limit network_mode networks oom_kill_disable oom_score_adj pid pids_limit platform "
    "ports post_start pre_stop privileged profiles provider pull_policy read_only restart runtime "
    "scale secrets security_opt shm_size stdin_open stop_grace_period stop_signal storage_opt "
    "sysctls tmpfs tty ulimits user userns_mode uts volumes volumes_from working_dir";

constexpr Shape kShapes[]{
    {"", "m", "version name include services networks volumes secrets configs"},
    {"version", "s"},
    {"name", "s"},
    {"include", "l"},
    {"include.[]", "sm", "path env_file project_directory"},
    {"include.[].path", "sl"},
    {"include.[].path.[]", "s"},
    {"include.[].env_file", "sl"},
    {"include.[].env_file.[]", "s"},
    {"include.[].project_directory", "s"},
    {"services", "m", "*"},
    {"services.*", "m", kServiceKeys},
    {"services.*.annotations", "lm", "*"},
    {"services.*.annotations.*", "snb0"},
    {"services.*.annotations.[]", "s"},
    {"services.*.attach", "bs"},
    {"services.*.build", "sm",
     "context dockerfile dockerfile_inline entitlements args ssh labels cache_from cache_to "
     "no_cache additional_contexts network pull target shm_size extra_hosts isolation privileged "
     "secrets tags ulimits platforms"},
    {"services.*.build.context", "s"},
    {"services.*.build.dockerfile", "s"},
    {"services.*.build.target", "s"},
    {"services.*.build.args", "lm", "*"},
    {"services.*.build.args.*", "snb0"},
    {"services.*.build.args.[]", "s"},
    {"services.*.build.secrets", "l"},
    {"services.*.cap_add", "l"},
    {"services.*.cap_add.[]", "s"},
    {"services.*.cap_drop", "l"},
    {"services.*.cap_drop.[]", "s"},
    {"services.*.cgroup", "s"},
    {"services.*.cgroup_parent", "s"},
    {"services.*.command", "sl0"},
    {"services.*.command.[]", "s"},
    {"services.*.configs", "l"},
    {"services.*.configs.[]", "sm", "source target uid gid mode"},
    {"services.*.configs.[].source", "s"},
    {"services.*.configs.[].target", "s"},
    {"services.*.configs.[].uid", "s"},
    {"services.*.configs.[].gid", "s"},
    {"services.*.configs.[].mode", "ns"},
    {"services.*.container_name", "s"},
    {"services.*.cpus", "ns"},
    {"services.*.cpuset", "s"},
    {"services.*.depends_on", "lm", "*"},
    {"services.*.depends_on.[]", "s"},
    {"services.*.depends_on.*", "m", "restart required condition", "condition"},
    {"services.*.depends_on.*.condition", "s"},
    {"services.*.depends_on.*.required", "b"},
    {"services.*.depends_on.*.restart", "bs"},
    {"services.*.deploy", "m0",
     "mode endpoint_mode replicas labels rollback_config update_config resources restart_policy "
     "placement"},
    {"services.*.develop", "m0", "watch"},
    {"services.*.devices", "l"},
    {"services.*.dns", "sl"},
    {"services.*.dns_opt", "l"},
    {"services.*.dns_search", "sl"},
    {"services.*.domainname", "s"},
    {"services.*.entrypoint", "sl0"},
    {"services.*.entrypoint.[]", "s"},
    {"services.*.env_file", "sl"},
    {"services.*.env_file.[]", "sm", "path format required", "path"},
    {"services.*.env_file.[].path", "s"},
    {"services.*.env_file.[].format", "s"},
    {"services.*.env_file.[].required", "bs"},
    {"services.*.environment", "lm", "*"},
    {"services.*.environment.*", "snb0"},
    {"services.*.environment.[]", "s"},
    {"services.*.expose", "l"},
    {"services.*.expose.[]", "sn"},
    {"services.*.extends", "sm", "service file", "service"},
    {"services.*.extends.service", "s"},
    {"services.*.extends.file", "s"},
    {"services.*.external_links", "l"},
    {"services.*.extra_hosts", "lm", "*"},
    {"services.*.group_add", "l"},
    {"services.*.group_add.[]", "sn"},
    {"services.*.healthcheck", "m",
     "disable interval retries test timeout start_period start_interval"},
    {"services.*.healthcheck.disable", "bs"},
    {"services.*.healthcheck.interval", "s"},
    {"services.*.healthcheck.retries", "ns"},
    {"services.*.healthcheck.test", "sl"},
    {"services.*.healthcheck.test.[]", "s"},
    {"services.*.healthcheck.timeout", "s"},
    {"services.*.healthcheck.start_period", "s"},
    {"services.*.healthcheck.start_interval", "s"},
    {"services.*.hostname", "s"},
    {"services.*.image", "s"},
    {"services.*.init", "bs"},
    {"services.*.ipc", "s"},
    {"services.*.isolation", "s"},
    {"services.*.labels", "lm", "*"},
    {"services.*.labels.*", "snb0"},
    {"services.*.labels.[]", "s"},
    {"services.*.links", "l"},
    {"services.*.links.[]", "s"},
    {"services.*.logging", "m", "driver options"},
    {"services.*.logging.driver", "s"},
    {"services.*.logging.options", "m", "*"},
    {"services.*.logging.options.*", "sn0"},
    {"services.*.mac_address", "s"},
    {"services.*.mem_limit", "ns"},
    {"services.*.mem_reservation", "ns"},
    {"services.*.network_mode", "s"},
    {"services.*.networks", "lm", "*"},
    {"services.*.networks.[]", "s"},
    {"services.*.networks.*", "m0",
     "aliases interface_name ipv4_address ipv6_address link_local_ips mac_address driver_opts "
     "priority gw_priority"},
    {"services.*.oom_kill_disable", "bs"},
    {"services.*.pid", "s0"},
    {"services.*.platform", "s"},
    {"services.*.ports", "l"},
    {"services.*.ports.[]", "nsm", "name mode host_ip target published protocol app_protocol",
     "target"},
    {"services.*.ports.[].name", "s"},
    {"services.*.ports.[].mode", "s"},
    {"services.*.ports.[].host_ip", "s"},
    {"services.*.ports.[].target", "ns"},
    {"services.*.ports.[].published", "ns"},
    {"services.*.ports.[].protocol", "s"},
    {"services.*.ports.[].app_protocol", "s"},
    {"services.*.privileged", "bs"},
    {"services.*.profiles", "l"},
    {"services.*.profiles.[]", "s"},
    {"services.*.pull_policy", "s"},
    {"services.*.read_only", "bs"},
    {"services.*.restart", "s"},
    {"services.*.runtime", "s"},
    {"services.*.scale", "ns"},
    {"services.*.secrets", "l"},
    {"services.*.secrets.[]", "sm", "source target uid gid mode"},
    {"services.*.secrets.[].source", "s"},
    {"services.*.secrets.[].target", "s"},
    {"services.*.secrets.[].uid", "s"},
    {"services.*.secrets.[].gid", "s"},
    {"services.*.secrets.[].mode", "ns"},
    {"services.*.security_opt", "l"},
    {"services.*.security_opt.[]", "s"},
    {"services.*.shm_size", "ns"},
    {"services.*.stdin_open", "bs"},
    {"services.*.stop_grace_period", "s"},
    {"services.*.stop_signal", "s"},
    {"services.*.sysctls", "lm", "*"},
    {"services.*.sysctls.*", "snb0"},
    {"services.*.sysctls.[]", "s"},
    {"services.*.tmpfs", "sl"},
    {"services.*.tmpfs.[]", "s"},
    {"services.*.tty", "bs"},
    {"services.*.ulimits", "m", "*"},
    {"services.*.ulimits.*", "nsm", "hard soft"},
    {"services.*.user", "s"},
    {"services.*.userns_mode", "s"},
    {"services.*.uts", "s"},
    {"services.*.volumes", "l"},
    {"services.*.volumes.[]", "sm",
     "type source target read_only consistency bind volume tmpfs image", "type target"},
    {"services.*.volumes.[].type", "s"},
    {"services.*.volumes.[].source", "s"},
    {"services.*.volumes.[].target", "s"},
    {"services.*.volumes.[].read_only", "bs"},
    {"services.*.volumes.[].consistency", "s"},
    {"services.*.volumes.[].bind", "m", "propagation create_host_path recursive selinux"},
    {"services.*.volumes.[].volume", "m", "labels nocopy subpath"},
    {"services.*.volumes.[].tmpfs", "m", "size mode"},
    {"services.*.volumes_from", "l"},
    {"services.*.working_dir", "s"},
    {"networks", "m", "*"},
    {"networks.*", "m0",
     "name driver driver_opts ipam external internal enable_ipv4 enable_ipv6 attachable labels"},
    {"networks.*.name", "s"},
    {"networks.*.driver", "s"},
    {"volumes", "m", "*"},
    {"volumes.*", "m0", "name driver driver_opts external labels"},
    {"volumes.*.name", "s"},
    {"volumes.*.driver", "s"},
    {"secrets", "m", "*"},
    {"secrets.*", "m", "name environment file external labels driver driver_opts template_driver"},
    {"secrets.*.file", "s"},
    {"secrets.*.environment", "s"},
    {"configs", "m", "*"},
    {"configs.*", "m", "name content environment file external labels template_driver"},
    {"configs.*.file", "s"},
    {"configs.*.content", "s"},
    {"configs.*.environment", "s"},
};

constexpr std::array kVolumeTypes{"bind", "volume", "tmpfs", "cluster", "npipe", "image"};

const Shape* shape_of(std::string_view path) {
  const auto* found = std::ranges::find(kShapes, path, &Shape::path);
  return found == std::end(kShapes) ? nullptr : found;
}

bool has_word(std::string_view words, std::string_view word) {
  for (const std::string_view candidate : split(words, ' '))
    if (candidate == word) return true;
  return false;
}

char kind_of(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::null:
      return '0';
    case YamlNode::Kind::sequence:
      return 'l';
    case YamlNode::Kind::map:
      return 'm';
    case YamlNode::Kind::scalar:
      break;
  }
  switch (type_scalar(node).kind) {
    case YamlValue::Kind::null:
      return '0';
    case YamlValue::Kind::boolean:
      return 'b';
    case YamlValue::Kind::number:
      return 'n';
    case YamlValue::Kind::string:
      break;
  }
  return 's';
}

std::string_view words_for(std::string_view kinds) {
  const bool list = kinds.find('l') != std::string_view::npos;
  const bool map = kinds.find('m') != std::string_view::npos;
  if (kinds.find('s') != std::string_view::npos) return list ? "a string or a list" : "a string";
  return list && map ? "a mapping or a list" : list ? "a list" : map ? "a mapping" : "a boolean";
}

class SchemaCheck {
 public:
  explicit SchemaCheck(ComposeStage stage) : stage_(stage) {}

  Result<void> check(const YamlNode& node, const std::string& pattern) {
    const Shape* shape = shape_of(pattern);
    if (shape == nullptr) return {};
    const char kind = kind_of(node);
    if (kind == '0' && stage_ == ComposeStage::one_file) return {};
    if (shape->kinds.find(kind) == std::string_view::npos)
      return at(node, fmt::format("{} must be {}", place(), words_for(shape->kinds)));
    if (node.has_typed_key) return at(node, fmt::format("non-string key in {}", place()));
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      names_.push_back(fmt::format("{}", i));
      if (Result<void> done = check(node.items[i], pattern + ".[]"); !done) return done;
      names_.pop_back();
    }
    return node.is_map() ? check_entries(node, *shape, pattern) : Result<void>{};
  }

 private:
  static Error at(const YamlNode& node, std::string what) {
    return {std::move(what), node.location.text(), ""};
  }

  [[nodiscard]] std::string place() const {
    return names_.empty() ? "(root)" : printable(join(names_, "."), 200);
  }

  Result<void> check_entries(const YamlNode& map, const Shape& shape, const std::string& pattern) {
    for (const auto& [name, value] : map.entries) {
      const bool free = shape.keys == "*";
      if (!free && name.starts_with("x-")) continue;
      if (free ? !is_free_name(pattern, name) : !has_word(shape.keys, name))
        return at(value, fmt::format("{} additional properties '{}' not allowed", place(),
                                     printable(name, 100)));
      names_.push_back(name);
      const std::string below = pattern.empty() ? std::string{} : pattern + ".";
      if (Result<void> done = check(value, below + (free ? "*" : name)); !done) return done;
      names_.pop_back();
    }
    if (stage_ == ComposeStage::one_file) return {};
    for (const std::string_view key : split(shape.needed, ' '))
      if (!key.empty() && map.find(key) == nullptr)
        return at(map, fmt::format("{} {} is required", place(), key));
    if (pattern == "services.*.volumes.[]" &&
        std::ranges::count(kVolumeTypes, map.find("type")->text) == 0)
      return at(map,
                fmt::format("{}.type must be one of bind, volume, tmpfs, cluster, npipe", place()));
    return {};
  }

  // Names of services and their like; names of variables only must not be empty.
  static bool is_free_name(std::string_view pattern, std::string_view name) {
    if (name.empty()) return false;
    if (pattern != "services" && pattern != "volumes" && pattern != "secrets" &&
        pattern != "configs")
      return true;
    return std::ranges::all_of(name, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '.' || c == '_' || c == '-';
    });
  }

  ComposeStage stage_;
  std::vector<std::string> names_;
};

}  // namespace

Result<void> check_compose_schema(const YamlNode& document, ComposeStage stage) {
  return SchemaCheck{stage}.check(document, "");
}

}  // namespace rta
