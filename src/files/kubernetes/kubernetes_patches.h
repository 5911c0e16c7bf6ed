// Which workloads and ConfigMaps other files change: kustomizations patch them,
// in files or in place. Patches are not applied here; what they touch is
// unknown. Pure; any thread.
#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "files/kubernetes/kubernetes_objects.h"

namespace rta::files {

class KubernetesPatches {
 public:
  // `objects` outlive the patches.
  explicit KubernetesPatches(std::span<const KubernetesObject> objects);

  // The object is the patch of another one.
  [[nodiscard]] bool is_patch(const KubernetesObject& object) const;
  // What changes what the object starts with or holds; empty: nothing does.
  [[nodiscard]] std::string changer_of(const KubernetesObject& object) const;

 private:
  struct Change {
    std::string kind, name;  // empty: any
    std::string by;
  };

  void read_kustomization(const KubernetesObject& object);
  void read_patch(const KubernetesObject& object, const YamlNode& patch);
  void read_text(const YamlNode& text, const YamlNode* target);
  void add(const YamlNode* target, std::string kind, std::string name, std::string by);

  std::span<const KubernetesObject> objects_;
  std::set<std::string> files_;  // that kustomizations name as patches
  std::vector<Change> changes_;
};

// The template of a workload's pods, a pod's own; null: it is none.
const YamlNode* pod_spec_of(const YamlNode& object);

}  // namespace rta::files
