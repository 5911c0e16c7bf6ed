#include "files/kubernetes/kubernetes_patches.h"

#include <algorithm>
#include <array>

#include "base/path_walk.h"
#include "base/text.h"

namespace rta::files {
namespace {

constexpr std::size_t kMostChanges = 1'000;

// Of a container: what changes neither its start nor its files.
bool is_harmless(std::string_view key) {
  constexpr std::array<std::string_view, 8> kHarmless{
      "name",          "image",          "imagePullPolicy", "resources",
      "livenessProbe", "readinessProbe", "startupProbe",    "ports"};
  return std::ranges::find(kHarmless, key) != kHarmless.end();
}

bool changes_pod(const YamlNode& spec) {
  if (spec.find("volumes") != nullptr || spec.find("initContainers") != nullptr ||
      spec.find("$patch") != nullptr)
    return true;
  return std::ranges::any_of(items_at(spec, "containers"), [](const YamlNode& container) {
    return !std::ranges::all_of(container.entries,
                                [](const YamlEntry& entry) { return is_harmless(entry.key); });
  });
}

// What of a strategic merge patch matters.
bool changes_object(const YamlNode& patch) {
  if (text_at(patch, "kind") == "ConfigMap") return true;
  const YamlNode* spec = pod_spec_of(patch);
  return spec != nullptr && changes_pod(*spec);
}

// A step of JSON6902: "/spec/template/spec/containers/0/args/-".
bool changes_start(const YamlNode& step) {
  const std::string path = text_at(step, "path");
  const std::size_t containers = path.find("/containers/");
  if (containers == std::string::npos)
    return path.ends_with("/containers") || path.contains("/volumes") ||
           path.contains("/initContainers") || path.starts_with("/data") ||
           path.starts_with("/binaryData") || path.ends_with("/template") || path.ends_with("/spec");
  const std::vector<std::string_view> parts =
      split(std::string_view{path}.substr(containers + 1), '/');
  return parts.size() < 3 || !is_harmless(parts[2]);
}

bool matches(const std::string& wanted, const std::string& own) {
  const bool is_pattern = wanted.find_first_of("*.+?[(|^$\\") != std::string::npos;
  return wanted.empty() || is_pattern || wanted == own;
}

std::string beside(const std::string& file, const std::string& path) {
  const std::size_t slash = file.rfind('/');
  return lexically_normal(slash == std::string::npos ? path : file.substr(0, slash + 1) + path);
}

}  // namespace

const YamlNode* pod_spec_of(const YamlNode& object) {
  if (text_at(object, "kind") == "PodTemplate") return node_at(object, "template", "spec");
  const YamlNode* spec = object.find("spec");
  if (spec == nullptr) return nullptr;
  if (text_at(object, "kind") == "Pod") return spec;
  if (const YamlNode* job = node_at(*spec, "jobTemplate", "spec")) spec = job;
  if (const YamlNode* job = spec->find("jobTargetRef")) spec = job;
  return node_at(*spec, "template", "spec");
}

KubernetesPatches::KubernetesPatches(std::span<const KubernetesObject> objects)
    : objects_(objects) {
  for (const KubernetesObject& object : objects)
    if (object.kind == "Kustomization") read_kustomization(object);
  for (const KubernetesObject& object : objects)
    if (is_patch(object) && changes_object(object.node))
      add(nullptr, object.kind, object.name, object.node.location.text());
}

void KubernetesPatches::add(const YamlNode* target, std::string kind, std::string name,
                            std::string by) {
  if (target != nullptr) {
    kind = text_at(*target, "kind");
    name = text_at(*target, "name");
  }
  if (changes_.size() < kMostChanges)
    changes_.push_back({std::move(kind), std::move(name), std::move(by)});
  else  // whatever they name
    changes_.back().kind = changes_.back().name = "";
}

void KubernetesPatches::read_text(const YamlNode& text, const YamlNode* target) {
  const auto documents = read_yaml(text.text, text.location.path);
  if (!documents) return add(target, "", "", text.location.text());
  for (const YamlNode& document : *documents) {
    const bool matters = document.is_sequence() ? std::ranges::any_of(document.items, changes_start)
                                                : changes_object(document);
    if (matters)
      add(target, text_at(document, "kind"), text_at(document, "metadata", "name"),
          text.location.text());
  }
}

void KubernetesPatches::read_patch(const KubernetesObject& object, const YamlNode& patch) {
  const YamlNode* target = patch.find("target");
  const YamlNode* text = patch.is_scalar() ? &patch : patch.find("patch");
  const bool is_path = patch.is_scalar() && patch.text.find('\n') == std::string::npos;
  if (text != nullptr && !is_path) return read_text(*text, target);
  const std::string path = beside(object.path, is_path ? patch.text : text_at(patch, "path"));
  files_.insert(path);
  // A list of steps is no manifest, and was not read; others are judged as objects.
  if (target == nullptr) return;
  const auto of_file = [&](const KubernetesObject& other) { return other.path == path; };
  if (std::ranges::none_of(objects_, of_file) ||
      std::ranges::any_of(objects_, [&](const KubernetesObject& other) {
        return of_file(other) && changes_object(other.node);
      }))
    add(target, "", "", patch.location.text());
}

void KubernetesPatches::read_kustomization(const KubernetesObject& object) {
  for (const std::string_view key : {"patches", "patchesStrategicMerge", "patchesJson6902"})
    for (const YamlNode& patch : items_at(object.node, key)) read_patch(object, patch);
  for (const YamlNode& replacement : items_at(object.node, "replacements")) {
    const auto targets = items_at(replacement, "targets");
    if (targets.empty()) add(nullptr, "", "", replacement.location.text());
    for (const YamlNode& target : targets)
      add(target.find("select"), "", "", target.location.text());
  }
}

bool KubernetesPatches::is_patch(const KubernetesObject& object) const {
  if (files_.contains(object.path)) return true;
  const YamlNode* spec = pod_spec_of(object.node);
  const auto containers = spec == nullptr ? std::span<const YamlNode>{} : items_at(*spec, "containers");
  return std::ranges::any_of(containers, [](const YamlNode& container) {
    return text_at(container, "image").empty();
  });
}

std::string KubernetesPatches::changer_of(const KubernetesObject& object) const {
  const auto found = std::ranges::find_if(changes_, [&](const Change& change) {
    return matches(change.kind, object.kind) && matches(change.name, object.name);
  });
  return found == changes_.end() ? "" : "the patch " + printable(found->by, 200);
}

}  // namespace rta::files
