// Containers of Kubernetes manifests, in the terms of compose services: what
// they start, with which variables, and which files of ConfigMaps and Secrets
// lie where. Plain YAML is read, also what a kustomization makes ConfigMaps of;
// Helm templates are not rendered and patches not applied, which is said.
// Pure; any thread. Holds values of secrets, as ComposeServiceReading does.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "files/compose/compose.h"

namespace rta::files {

struct ManifestText {
  std::string path, text;
};

struct KubernetesContainer {
  ComposeServiceReading reading;  // named "deployment/backend", or "deployment/backend/container"
  bool is_job = false;            // it runs once, or now and then
};

struct KubernetesReading {
  std::vector<KubernetesContainer> containers;
  std::vector<Gap> gaps;
};

// A quick no: the text is no manifest and no kustomization.
bool may_be_manifest(std::string_view path, std::string_view text);

// `elsewhere` gives what stands for a variable that a Secret holds; empty: nothing does.
KubernetesReading read_kubernetes(
    std::span<const ManifestText> texts,
    const std::function<std::optional<std::string>(const std::string& name)>& elsewhere = {});

}  // namespace rta::files
