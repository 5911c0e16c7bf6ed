#include "files/kubernetes/kubernetes_objects.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/path_walk.h"
#include "base/text.h"
#include "files/kubernetes/kubernetes_patches.h"

namespace rta::files {
namespace {

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

void add_object(YamlNode node, const std::string& path, std::vector<KubernetesObject>& objects) {
  if (!node.is_map()) return;
  std::string kind = text_at(node, "kind");
  const bool is_kustomization = path.substr(path.rfind('/') + 1).starts_with("kustomization.");
  if (kind.empty() && is_kustomization) kind = "Kustomization";
  if (kind.empty()) return;
  if (kind == "List") {
    if (YamlNode* items = node.find("items"))
      for (YamlNode& item : items->items) add_object(std::move(item), path, objects);
    return;
  }
  std::string name = text_at(node, "metadata", "name");
  objects.push_back({std::move(kind), std::move(name), path, std::move(node)});
}

// Braces of a template in what makes the object. The files of a ConfigMap and
// annotations may be templates of another program.
bool has_template(const YamlNode& node, bool is_config_map) {
  if (node.is_scalar()) return node.text.find("{{") != std::string::npos;
  const auto of_item = [](const YamlNode& item) { return has_template(item, false); };
  if (std::ranges::any_of(node.items, of_item)) return true;
  return std::ranges::any_of(node.entries, [&](const YamlEntry& entry) {
    if (entry.key.find("{{") != std::string::npos) return true;
    const bool is_data = entry.key == "annotations" || (is_config_map && entry.key == "data");
    return !is_data && has_template(entry.value, false);
  });
}

SourceLocation first_line_of(const YamlNode& text) {
  SourceLocation at = text.location;
  if (text.is_block) ++at.line;
  return at;
}

ConfigMap map_of(const YamlNode& object) {
  ConfigMap map;
  if (const YamlNode* data = object.find("data"); data != nullptr && data->is_map())
    for (const auto& [key, value] : data->entries) {
      ConfigMap::Entry& entry = map.entries[key];
      entry.at = first_line_of(value);
      // What is still to be filled in is not known.
      if (value.text.find("{{") == std::string::npos)
        entry.content = value.is_scalar() ? value.text : std::string{};
    }
  return map;
}

// `files: [redis.conf, key=path]` and `literals: [KEY=value]`.
ConfigMap map_of_generator(const YamlNode& generator, const std::string& folder) {
  ConfigMap map;
  for (const YamlNode& item : items_at(generator, "files")) {
    const std::size_t equals = item.text.find('=');
    const std::string path = equals == item.text.npos ? item.text : item.text.substr(equals + 1);
    const std::string key =
        equals == item.text.npos ? path.substr(path.rfind('/') + 1) : item.text.substr(0, equals);
    map.entries[key].source = lexically_normal(folder.empty() ? path : folder + "/" + path);
  }
  for (const YamlNode& item : items_at(generator, "literals")) {
    const std::size_t equals = item.text.find('=');
    if (equals == item.text.npos) continue;
    map.entries[item.text.substr(0, equals)] = {
        .content = item.text.substr(equals + 1), .source = {}, .at = item.location};
  }
  return map;
}

}  // namespace

std::vector<KubernetesObject> read_objects(std::span<const ManifestText> texts,
                                           std::vector<Gap>& gaps) {
  std::vector<KubernetesObject> objects;
  std::size_t templates = 0;
  std::string first_template;
  const auto add_template = [&](const std::string& path) {
    if (templates++ == 0) first_template = path;
  };
  for (const ManifestText& text : texts) {
    const bool has_braces = text.text.find("{{") != std::string::npos;
    Result<std::vector<YamlNode>> documents = read_yaml(text.text, text.path);
    if (!documents) {
      if (has_braces) {
        add_template(text.path);
        continue;
      }
      gaps.push_back({GapReason::malformed,
                      fmt::format("the manifest {} was not read: {} ({})",
                                  printable(text.path, 200), printable(documents.error().what, 300),
                                  documents.error().where),
                      ""});
      continue;
    }
    const auto is_template = [](const YamlNode& document) {
      return has_template(document, text_at(document, "kind") == "ConfigMap");
    };
    if (has_braces && std::erase_if(*documents, is_template) > 0) add_template(text.path);
    for (YamlNode& document : *documents) add_object(std::move(document), text.path, objects);
  }
  if (templates > 0)
    gaps.push_back({GapReason::unsupported,
                    fmt::format("{} of Kubernetes ({}{}) {} not rendered, and {} not read",
                                counted(templates, "template", "templates"),
                                printable(first_template, 200), templates > 1 ? " and more" : "",
                                templates == 1 ? "was" : "were", templates == 1 ? "was" : "were"),
                    "scan what helm template prints"});
  return objects;
}

ConfigMaps::ConfigMaps(std::span<const KubernetesObject> objects,
                       const KubernetesPatches& patches) {
  for (const KubernetesObject& object : objects) {
    if (object.kind == "ConfigMap") {
      add(object.name, map_of(object.node));
      if (!patches.changer_of(object).empty()) maps_[object.name].reset();
    }
    if (object.kind != "Kustomization") continue;
    for (const YamlNode& generator : items_at(object.node, "configMapGenerator"))
      add(text_at(generator, "name"), map_of_generator(generator, folder_of(object.path)));
  }
}

void ConfigMaps::add(const std::string& name, ConfigMap map) {
  const auto [place, is_new] = maps_.emplace(name, std::move(map));
  if (!is_new) place->second.reset();
}

const ConfigMap* ConfigMaps::find(const std::string& name) const {
  const auto found = maps_.find(name);
  return found == maps_.end() || !found->second ? nullptr : &*found->second;
}

const YamlNode* node_at(const YamlNode& node, std::string_view key, std::string_view below) {
  const YamlNode* found = node.find(key);
  return found == nullptr ? nullptr : found->find(below);
}

std::string text_at(const YamlNode& node, std::string_view key) {
  const YamlNode* found = node.find(key);
  return found != nullptr && found->is_scalar() ? found->text : "";
}

std::string text_at(const YamlNode& node, std::string_view key, std::string_view below) {
  const YamlNode* found = node.find(key);
  return found == nullptr ? "" : text_at(*found, below);
}

std::span<const YamlNode> items_at(const YamlNode& node, std::string_view key) {
  const YamlNode* found = node.find(key);
  return found == nullptr ? std::span<const YamlNode>{} : std::span<const YamlNode>{found->items};
}

std::span<const YamlNode> items_at(const YamlNode& node, std::string_view key,
                                   std::string_view below) {
  const YamlNode* found = node.find(key);
  return found == nullptr ? std::span<const YamlNode>{} : items_at(*found, below);
}

SourceLocation place_of(const YamlNode& node, std::string_view key) {
  const YamlNode* found = node.find(key);
  return found == nullptr ? node.location : found->location;
}

std::optional<std::uint32_t> mode_at(const YamlNode& node, std::string_view key) {
  std::string text = text_at(node, key);
  const bool octal = text.size() > 1 && text.front() == '0';
  if (text.starts_with("0o")) text.erase(0, 2);
  std::uint32_t mode = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), mode, octal ? 8 : 10);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return mode;
}

}  // namespace rta::files
