#include "checks/common/compose.h"

namespace rta::checks {
namespace {

std::string project_file(const ComposeProject& project) {
  return project.files.empty() ? "docker-compose.yml" : project.files.front();
}

}  // namespace

const ComposeProject* compose_or_say(const Evidence& evidence, Findings& findings) {
  const ComposeProject* project = evidence.compose.value();
  if (project == nullptr) {
    const Gap& gap = *evidence.compose.gap();
    if (gap.reason == GapReason::not_found)
      findings.not_applicable(Subject::deployment(), "the project holds no compose file");
    else
      findings.unknown(Subject::deployment(), "compose files: " + gap.detail, gap.reason)
          .remediation(gap.remedy);
    return nullptr;
  }
  if (!project->refused) return project;
  findings
      .unknown(Subject::file(project_file(*project)),
               "docker compose would refuse this project: " + *project->refused,
               GapReason::malformed)
      .from(compose_provenance(project->refused_at, "compose"));
  return nullptr;
}

Subject service_subject(const ComposeProject& project, const ComposeService& service) {
  return Subject::service(project_file(project) + "#" + service.name);
}

std::vector<const ComposeService*> redis_services_or_say(const ComposeProject& project,
                                                         Findings& findings) {
  std::vector<const ComposeService*> services;
  for (const ComposeService& service : project.services)
    if (service.is_redis) services.push_back(&service);
  if (services.empty())
    findings.not_applicable(Subject::file(project_file(project)),
                            "no service of the compose project runs redis-server");
  return services;
}

const RedisConfiguration* configuration_of(const Evidence& evidence, const ComposeProject& project,
                                           const ComposeService& service) {
  const std::string source = service_subject(project, service).key;
  for (const RedisConfiguration& configuration : evidence.redis_configurations)
    if (configuration.source == source) return &configuration;
  return nullptr;
}

Provenance compose_provenance(const SourceLocation& location, std::string method) {
  return {"compose", "", location, std::move(method), Grade::declared};
}

}  // namespace rta::checks
