// How compose merges files: maps by key, most lists appended, mounts by
// target, environments by name, commands replaced.
#include <fmt/format.h>

#include "base/text.h"
#include "files/compose_loader.h"

namespace rta {
namespace {

// "services.redis.environment" -> "environment"; empty elsewhere.
std::string_view service_key(std::string_view path) {
  if (!path.starts_with("services.")) return {};
  const std::size_t dot = path.find('.', 9);
  return dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
}

bool is_environment_like(std::string_view key) {
  return key == "environment" || key == "labels" || key == "annotations" || key == "sysctls" ||
         key == "build.args" || key == "build.labels" || key == "deploy.labels";
}

std::string item_key(std::string_view key, const YamlNode& item) {
  if (is_environment_like(key)) return item.text.substr(0, item.text.find('='));
  if (key == "volumes" || key == "secrets" || key == "configs") {
    const YamlNode* target = item.find(item.is_map() ? "target" : "");
    if (target != nullptr) return target->text;
    if (item.is_map()) return item.find("source") == nullptr ? "" : item.find("source")->text;
    const auto parts = split(item.text, ':');
    return std::string{key != "volumes" ? item.text : parts.size() > 1 ? parts[1] : parts[0]};
  }
  if (item.is_scalar()) return item.text;
  if (item.is_map()) {
    std::vector<std::string> parts;
    for (const std::string_view part : {"host_ip", "published", "target", "protocol", "path"})
      if (const YamlNode* value = item.find(part)) parts.push_back(value->text);
    return join(parts, "|");
  }
  return item.location.text();
}

// Later entries with the same key replace earlier ones, in their place.
void make_unique(std::string_view key, YamlNode& list) {
  const bool unique = is_environment_like(key) || key == "volumes" || key == "secrets" ||
                      key == "configs" || key == "ports" || key == "expose" || key == "env_file" ||
                      key == "dns" || key == "cap_add" || key == "cap_drop" || key == "tmpfs" ||
                      key == "profiles";
  if (!unique) return;
  std::vector<YamlNode> kept;
  std::map<std::string, std::size_t> index;
  for (YamlNode& item : list.items) {
    const auto [found, is_new] = index.emplace(item_key(key, item), kept.size());
    if (is_new)
      kept.push_back(std::move(item));
    else
      kept[found->second] = std::move(item);
  }
  list.items = std::move(kept);
}

bool is_replaced(std::string_view key) {
  return key == "command" || key == "entrypoint" || key == "healthcheck.test";
}

void drop_tags(YamlNode& node) {
  std::erase_if(node.entries, [](const auto& entry) { return entry.second.tag == "!reset"; });
  node.tag.clear();
  for (auto& [key, value] : node.entries) drop_tags(value);
  for (YamlNode& item : node.items) drop_tags(item);
}

YamlNode environment_list(const YamlNode& node) {
  std::vector<YamlNode> items;
  for (const auto& [name, value] : node.entries) {
    const YamlValue typed =
        value.is_scalar() ? type_scalar(value) : YamlValue{YamlValue::Kind::null, ""};
    const bool bare = typed.kind == YamlValue::Kind::null;
    items.push_back(YamlNode::scalar(bare ? name : name + "=" + typed.text, value.location));
  }
  return YamlNode::sequence(std::move(items), node.location);
}

YamlNode one_item_list(const YamlNode& node) { return YamlNode::sequence({node}, node.location); }

// "./certs:/certs:ro": the host part is relative to the file.
void settle_volume(YamlNode& volume, const std::string& directory) {
  if (volume.is_scalar()) {
    const std::size_t colon = volume.text.find(':');
    const std::string source = volume.text.substr(0, colon);
    if (colon == std::string::npos || !(source.starts_with('.'))) return;
    const std::string path = compose_path(directory, source);
    volume.text = (path.starts_with('/') || path.starts_with('.') ? path : "./" + path) +
                  volume.text.substr(colon);
    return;
  }
  YamlNode* source = volume.find("source");
  const YamlNode* type = volume.find("type");
  if (source == nullptr || !source->is_scalar() || type == nullptr || type->text != "bind") return;
  if (!source->text.starts_with('/') && !source->text.starts_with('~'))
    source->text = compose_path(directory, source->text);
}

void settle_service(YamlNode& service, const std::string& directory) {
  for (const std::string_view key : {"environment", "labels", "annotations", "sysctls"})
    if (YamlNode* node = service.find(key); node != nullptr && node->is_map()) {
      const std::string tag = node->tag;
      *node = environment_list(*node);
      node->tag = tag;
    }
  if (YamlNode* files = service.find("env_file"); files != nullptr) {
    if (!files->is_sequence() && !files->is_null()) *files = one_item_list(*files);
    for (YamlNode& item : files->items) {
      YamlNode* path = item.is_map() ? item.find("path") : &item;
      if (path != nullptr && path->is_scalar()) path->text = compose_path(directory, path->text);
    }
  }
  if (YamlNode* volumes = service.find("volumes"))
    for (YamlNode& volume : volumes->items) settle_volume(volume, directory);
  if (YamlNode* build = service.find("build")) {
    if (build->is_scalar()) {
      YamlNode map;
      map.kind = YamlNode::Kind::map;
      map.location = build->location;
      map.set("context", *build);
      *build = std::move(map);
    }
    YamlNode* context = build->find("context");
    if (context != nullptr && context->is_scalar() &&
        context->text.find("://") == std::string::npos)
      context->text = compose_path(directory, context->text);
  }
}

}  // namespace

void settle_compose(YamlNode& document, const std::string& directory) {
  if (YamlNode* services = document.find("services"))
    for (auto& [name, service] : services->entries) settle_service(service, directory);
  for (const std::string_view section : {"secrets", "configs"})
    if (YamlNode* all = document.find(section))
      for (auto& [name, value] : all->entries)
        if (YamlNode* file = value.find("file"); file != nullptr && file->is_scalar())
          file->text = compose_path(directory, file->text);
}

void merge_compose(YamlNode& under, YamlNode over, const std::string& path) {
  const std::string_view key = service_key(path);
  const bool replaced = over.tag == "!override" || is_replaced(key) || under.kind != over.kind;
  if (over.is_null() && !under.is_null() && over.tag.empty()) return;
  if (replaced || under.is_scalar() || under.is_null()) {
    drop_tags(over);
    under = std::move(over);
    if (under.is_sequence()) make_unique(key, under);
    return;
  }
  if (under.is_sequence()) {
    for (YamlNode& item : over.items) under.items.push_back(std::move(item));
    make_unique(key, under);
    return;
  }
  for (auto& [name, value] : over.entries) {
    if (value.tag == "!reset") {
      under.erase(name);
      continue;
    }
    YamlNode* existing = under.find(name);
    const std::string below = path.empty() ? name : path + "." + name;
    if (existing == nullptr) {
      drop_tags(value);
      if (value.is_sequence()) make_unique(service_key(below), value);
      under.set(name, std::move(value));
    } else {
      merge_compose(*existing, std::move(value), below);
    }
  }
  under.location = over.location;
}

}  // namespace rta
