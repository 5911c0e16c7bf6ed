// One form for what a compose file may write in several: short ports and
// mounts become maps, maps of variables become lists, paths belong to the
// project.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "files/compose/compose_loader.h"

namespace rta {
namespace {

YamlNode list_of_variables(const YamlNode& map) {
  std::vector<YamlNode> items;
  for (const auto& [name, value] : map.entries) {
    const YamlValue typed =
        value.is_scalar() ? type_scalar(value) : YamlValue{YamlValue::Kind::null, ""};
    const bool bare = typed.kind == YamlValue::Kind::null;
    items.push_back(YamlNode::scalar(bare ? name : name + "=" + typed.text, value.location));
  }
  YamlNode list = YamlNode::sequence(std::move(items), map.location);
  list.was_map = true;
  return list;
}

YamlNode one_item_list(const YamlNode& node) { return YamlNode::sequence({node}, node.location); }

YamlNode map_at(const SourceLocation& location) {
  YamlNode map;
  map.kind = YamlNode::Kind::map;
  map.location = location;
  return map;
}

void put_in_project(YamlNode* path, const std::string& directory) {
  if (path != nullptr && path->is_scalar() && !path->text.empty() && !path->text.starts_with('~'))
    path->text = compose_path(directory, path->text);
}

Result<void> settle_volumes(YamlNode& volumes, const std::string& directory) {
  for (YamlNode& volume : volumes.items) {
    if (volume.is_scalar()) {
      Result<YamlNode> whole = parse_short_volume(volume);
      if (!whole) return std::move(whole).error();
      volume = std::move(*whole);
    }
    const YamlNode* type = volume.find("type");
    if (type == nullptr || type->text != "bind") continue;
    if (volume.find("source") == nullptr)
      return Error{"invalid mount config for type \"bind\": field Source must not be empty",
                   volume.location.text(), ""};
    put_in_project(volume.find("source"), directory);
  }
  return {};
}

// A project that publishes more ports than there are is not read.
constexpr std::size_t kPorts = 65'536;

Result<void> settle_ports(YamlNode& ports, std::size_t& count) {
  std::vector<YamlNode> whole;
  for (YamlNode& port : ports.items) {
    if (!port.is_scalar()) {
      whole.push_back(std::move(port));
      continue;
    }
    Result<std::vector<YamlNode>> parsed = parse_short_port(port);
    if (!parsed) return std::move(parsed).error();
    count += parsed->size();
    if (count > kPorts) return Error{"more than 65536 published ports", port.location.text(), ""};
    std::ranges::move(*parsed, std::back_inserter(whole));
  }
  ports.items = std::move(whole);
  return {};
}

void settle_build(YamlNode& build, const std::string& directory) {
  if (build.is_scalar()) {
    YamlNode map = map_at(build.location);
    map.set("context", build);
    build = std::move(map);
  }
  YamlNode* context = build.find("context");
  if (context != nullptr && context->text.find("://") == std::string::npos)
    put_in_project(context, directory);
}

void settle_env_files(YamlNode& files, const std::string& directory) {
  if (files.is_scalar()) files = one_item_list(files);
  for (YamlNode& item : files.items)
    put_in_project(item.is_map() ? item.find("path") : &item, directory);
}

Result<void> settle_service(YamlNode& service, const std::string& directory, std::size_t& count) {
  for (const std::string_view key : {"environment", "labels", "annotations", "sysctls"})
    if (YamlNode* node = service.find(key); node != nullptr && node->is_map())
      *node = list_of_variables(*node);
  for (const std::string_view key : {"dns", "dns_search", "tmpfs"})
    if (YamlNode* node = service.find(key); node != nullptr && node->is_scalar())
      *node = one_item_list(*node);
  if (YamlNode* files = service.find("env_file")) settle_env_files(*files, directory);
  if (YamlNode* build = service.find("build")) settle_build(*build, directory);
  if (YamlNode* volumes = service.find("volumes"))
    if (Result<void> done = settle_volumes(*volumes, directory); !done) return done;
  if (YamlNode* ports = service.find("ports"))
    if (Result<void> done = settle_ports(*ports, count); !done) return done;
  return {};
}

}  // namespace

Result<void> settle_compose(YamlNode& document, const std::string& directory, std::size_t& ports) {
  if (YamlNode* services = document.find("services"))
    for (auto& [name, service] : services->entries)
      if (Result<void> done = settle_service(service, directory, ports); !done) return done;
  for (const std::string_view section : {"secrets", "configs"})
    if (YamlNode* all = document.find(section))
      for (auto& [name, value] : all->entries) put_in_project(value.find("file"), directory);
  return {};
}

}  // namespace rta
