// The objects of manifests, and the ConfigMaps among them. For kubernetes.cpp.
#pragma once

#include <redis_tls_audit/observation.h>

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "files/compose/yaml_tree.h"
#include "files/kubernetes/kubernetes.h"

namespace rta::files {

struct KubernetesObject {
  std::string kind, name, path;
  YamlNode node;
};

// All documents that have a kind; items of a List one by one, a kustomization
// as "Kustomization". What cannot be read becomes a Gap.
std::vector<KubernetesObject> read_objects(std::span<const ManifestText> texts,
                                           std::vector<Gap>& gaps);

struct ConfigMap {
  struct Entry {
    std::optional<std::string> content;
    std::string source;  // a file of the project, where a kustomization names one
    SourceLocation at;   // of the content's first line
  };
  using Entries = std::map<std::string, Entry>;
  Entries entries;
};

class KubernetesPatches;

// By name. Two of one name in different folders are of different deployments,
// and neither is taken; nor is one that a patch changes.
class ConfigMaps {
 public:
  ConfigMaps(std::span<const KubernetesObject> objects, const KubernetesPatches& patches);
  [[nodiscard]] const ConfigMap* find(const std::string& name) const;

 private:
  void add(const std::string& name, ConfigMap map);
  std::map<std::string, std::optional<ConfigMap>> maps_;
};

// Null, empty or absent where there is no such value.
const YamlNode* node_at(const YamlNode& node, std::string_view key, std::string_view below);
std::string text_at(const YamlNode& node, std::string_view key);
std::string text_at(const YamlNode& node, std::string_view key, std::string_view below);
std::span<const YamlNode> items_at(const YamlNode& node, std::string_view key);
std::span<const YamlNode> items_at(const YamlNode& node, std::string_view key,
                                   std::string_view below);
SourceLocation place_of(const YamlNode& node, std::string_view key);
// 0400, 256 and "0400": YAML 1.1's octal, as kubectl reads it.
std::optional<std::uint32_t> mode_at(const YamlNode& node, std::string_view key);

}  // namespace rta::files
