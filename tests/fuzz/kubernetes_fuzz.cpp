// Any bytes as a manifest, and as the kustomization beside it.
#include <cstdint>

#include "files/kubernetes/kubernetes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text{reinterpret_cast<const char*>(data), size};
  const std::vector<rta::files::ManifestText> texts{{"a.yaml", text}, {"k/kustomization.yaml", text}};
  const auto elsewhere = [](const std::string& name) {
    return name.empty() ? std::nullopt : std::optional<std::string>{"kept"};
  };
  for (const auto& container : rta::files::read_kubernetes(texts, elsewhere).containers)
    static_cast<void>(rta::redis_launch(container.reading));
  return 0;
}
