// Containers of the project's Kubernetes manifests, in the terms of compose
// services: the configuration of each Redis, and the applications.
#include <redis_tls_audit/limits.h>

#include "base/text.h"
#include "collect/collectors.h"
#include "collect/service_facts.h"
#include "files/compose/compose_images.h"
#include "files/kubernetes/kubernetes.h"

namespace rta {
namespace {

constexpr std::size_t kManifests = 2'000;

std::vector<files::ManifestText> manifests_of(const ProjectFiles& files, Scope& scope) {
  std::vector<files::ManifestText> texts;
  for (const TreeEntry& entry : files.listing().entries) {
    if (!entry.path.ends_with(".yaml") && !entry.path.ends_with(".yml") &&
        !entry.path.ends_with(".json"))
      continue;
    const Observation<OpenedFile> opened = files.read(entry.path, limits::kTextFile);
    if (!opened.has_value() || !files::may_be_manifest(entry.path, as_text(opened->bytes)))
      continue;
    if (texts.size() == kManifests) {
      scope.notes.push_back({GapReason::too_large,
                             fmt::format("only the first {} manifests were read", kManifests),
                             "scan the parts of the project one by one"});
      break;
    }
    texts.push_back({entry.path, std::string{as_text(opened->bytes)}});
  }
  return texts;
}

bool is_known(const Evidence& evidence, const std::string& name) {
  return std::ranges::count(evidence.kubernetes, name, &ComposeService::name) > 0;
}

}  // namespace

void collect_kubernetes(CollectContext& context, Evidence& evidence) {
  if (context.files == nullptr) return;
  const std::vector<files::ManifestText> texts = manifests_of(*context.files, evidence.scope);
  const bool ci = evidence.scope.ci;
  files::KubernetesReading reading = files::read_kubernetes(
      texts, [ci](const std::string& name) -> std::optional<std::string> {
        if (!ci || !is_secret_name(name)) return std::nullopt;
        return std::string{kLeftOutSecret};
      });
  evidence.scope.notes.insert(evidence.scope.notes.end(), reading.gaps.begin(), reading.gaps.end());
  for (files::KubernetesContainer& container : reading.containers) {
    ComposeServiceReading& read = container.reading;
    // The same workload for another environment is another one.
    if (is_known(evidence, read.name)) read.name += fmt::format(" ({})", read.location.path);
    ComposeService service = describe_service(context, read);
    // A job of the image of Redis runs its client.
    if (container.is_job && !service.redis_argv) service.is_redis = false;
    if (service.is_redis)
      add_service_configuration(context, evidence, read, service, read.location.path, "");
    evidence.kubernetes.push_back(std::move(service));
  }
}

}  // namespace rta
