// How compose merges files: maps by key, most lists appended, mounts by
// target, environments by name, commands replaced.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "files/compose/compose_loader.h"

namespace rta {
namespace {

// "services.redis.environment" -> "environment"; empty elsewhere.
std::string_view service_key(std::string_view path) {
  if (!path.starts_with("services.")) return {};
  const std::size_t dot = path.find('.', 9);
  return dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
}

bool is_one_of(std::string_view key, std::initializer_list<std::string_view> names) {
  return std::ranges::count(names, key) > 0;
}

bool is_by_name(std::string_view key) {
  return is_one_of(key, {"environment", "labels", "annotations", "sysctls", "build.args",
                         "build.labels", "deploy.labels", "cap_add", "cap_drop", "dns", "dns_opt",
                         "dns_search", "links", "profiles", "tmpfs", "expose", "build.tags"});
}

bool is_replaced(std::string_view key) {
  return is_one_of(key, {"command", "entrypoint", "healthcheck.test"});
}

std::string text_of(const YamlNode& map, std::string_view key, std::string_view otherwise = "") {
  const YamlNode* node = map.find(key);
  return node == nullptr ? std::string{otherwise} : node->text;
}

std::string port_key(const YamlNode& port) {
  const YamlNode* published = port.find("published");
  // A number and a text of the same digits are two ports to compose.
  const bool number =
      published != nullptr && type_scalar(*published).kind == YamlValue::Kind::number;
  return fmt::format("{}:{}{}:{}/{}", text_of(port, "host_ip", "0.0.0.0"), number ? "#" : "",
                     published == nullptr ? "<nil>" : published->text, text_of(port, "target"),
                     text_of(port, "protocol", "tcp"));
}

// What makes two items of a list the same; nothing: each stays.
std::optional<std::string> item_key(std::string_view key, const YamlNode& item) {
  if (is_by_name(key)) return item.text.substr(0, item.text.find('='));
  if (key == "volumes") return text_of(item, "target");
  if (key == "env_file") return item.is_map() ? text_of(item, "path") : item.text;
  if (key == "ports") return port_key(item);
  if (key == "secrets" || key == "configs") {
    const std::string folder = key == "secrets" ? "/run/secrets/" : "/";
    if (item.is_scalar()) return folder + item.text;
    return text_of(item, "target", folder + text_of(item, "source"));
  }
  return std::nullopt;
}

// Later entries with the same key replace earlier ones, in their place.
void make_unique(std::string_view key, YamlNode& list) {
  std::vector<YamlNode> kept;
  std::map<std::string, std::size_t> index;
  for (YamlNode& item : list.items) {
    const std::optional<std::string> name = item_key(key, item);
    const auto [found, is_new] =
        name ? index.emplace(*name, kept.size()) : std::pair{index.end(), true};
    if (is_new)
      kept.push_back(std::move(item));
    else
      kept[found->second] = std::move(item);
  }
  list.items = std::move(kept);
}

// Lists and maps of names are merged as maps.
void make_map_of_names(YamlNode& node) {
  if (!node.is_sequence()) return;
  YamlNode map;
  map.kind = YamlNode::Kind::map;
  map.location = node.location;
  for (YamlNode& item : node.items) {
    YamlNode empty;
    empty.location = item.location;
    map.set(item.text, std::move(empty));
  }
  node = std::move(map);
}

Result<void> merge_maps(YamlNode& under, YamlNode over, const std::string& path) {
  std::map<std::string, std::size_t, std::less<>> index;
  for (std::size_t i = 0; i < under.entries.size(); ++i) index.emplace(under.entries[i].key, i);
  for (auto& [name, value] : over.entries) {
    const auto found = index.find(name);
    const std::string below = path.empty() ? name : path + "." + name;
    if (found == index.end()) {
      make_items_unique(value, below);
      under.entries.emplace_back(name, std::move(value));
    } else if (name.starts_with("x-")) {
      under.entries[found->second].value = std::move(value);
    } else if (Result<void> done =
                   merge_compose(under.entries[found->second].value, std::move(value), below);
               !done) {
      return done;
    }
  }
  under.location = over.location;
  return {};
}

}  // namespace

void make_items_unique(YamlNode& node, const std::string& path) {
  if (node.is_sequence()) make_unique(service_key(path), node);
  for (auto& [name, value] : node.entries)
    make_items_unique(value, path.empty() ? name : path + "." + name);
}

Result<void> merge_compose(YamlNode& under, YamlNode over, const std::string& path) {
  const std::string_view key = service_key(path);
  if (is_replaced(key) || under.is_null()) {
    make_items_unique(over, path);
    under = std::move(over);
    return {};
  }
  if (over.is_null()) return {};
  if (key == "networks" || (key == "depends_on" && under.kind != over.kind)) {
    make_map_of_names(under);
    make_map_of_names(over);
  }
  if (key == "logging" && under.is_map() && over.is_map()) {
    const YamlNode* old_driver = under.find("driver");
    const YamlNode* new_driver = over.find("driver");
    if (old_driver != nullptr && new_driver != nullptr && old_driver->text != new_driver->text) {
      under = std::move(over);
      return {};
    }
  }
  if (under.is_scalar()) {
    under = std::move(over);
    return {};
  }
  if (under.kind != over.kind)
    return Error{fmt::format("cannot override {}", printable(path, 200)), over.location.text(), ""};
  if (under.is_map()) return merge_maps(under, std::move(over), path);
  std::ranges::move(over.items, std::back_inserter(under.items));
  under.was_map = false;
  make_unique(key, under);
  return {};
}

}  // namespace rta
