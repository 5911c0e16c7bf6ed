// !reset and !override: what a file takes away from the files before it.
#include <algorithm>

#include "files/compose/compose_loader.h"

namespace rta {
namespace {

void take(YamlNode& node, std::vector<std::string>& path, ComposeResets& resets) {
  std::erase_if(node.items, [](const YamlNode& item) { return item.tag == "!reset"; });
  for (YamlNode& item : node.items) {
    path.emplace_back("[]");  // an item is never taken away
    take(item, path, resets);
    path.pop_back();
  }
  for (auto& [name, value] : node.entries) {
    path.push_back(name);
    if (value.tag == "!reset" || value.tag == "!override")
      resets.push_back(path);
    else
      take(value, path, resets);
    path.pop_back();
  }
  std::erase_if(node.entries, [](const auto& entry) { return entry.value.tag == "!reset"; });
}

void erase_at(YamlNode& node, const std::vector<std::string>& path, std::size_t depth) {
  if (depth + 1 < path.size()) {
    if (YamlNode* below = node.find(path[depth])) erase_at(*below, path, depth + 1);
    return;
  }
  node.erase(path[depth]);
  // An environment that was written as a map still has names.
  if (node.was_map)
    std::erase_if(node.items, [&name = path[depth]](const YamlNode& item) {
      return item.text.substr(0, item.text.find('=')) == name;
    });
}

}  // namespace

ComposeResets take_resets(YamlNode& document) {
  ComposeResets resets;
  std::vector<std::string> path;
  take(document, path, resets);
  return resets;
}

void apply_resets(YamlNode& project, const ComposeResets& resets) {
  for (const auto& path : resets) erase_at(project, path, 0);
}

}  // namespace rta
