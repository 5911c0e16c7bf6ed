#include <redis_tls_audit/check.h>

#include "checks/common/compose.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.308.a.5.ii.D"sv, "nist.IA-5.7"sv, "pci.8.6.2"sv,
                               "pci.2.2.2"sv};

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  const ComposeProject* project = compose_or_say(evidence, findings);
  if (project == nullptr) return;
  for (const ComposeService& service : project->services) {
    const Subject subject = service_subject(*project, service);
    constexpr const char* kWhat = "environment, command, healthcheck";
    for (const LiteralSecret& secret : service.literal_secrets)
      findings
          .fail(subject,
                fmt::format("{} ({}) is written out: it stands in version control, docker inspect "
                            "and ps",
                            secret.name, secret.location.text()))
          .expected("a secrets file, or a variable from an ignored file")
          .observed(secret.name)
          .variant(secret.name)
          .from(compose_provenance(secret.location, kWhat));
    if (service.literal_secrets.empty())
      findings.pass(subject, "no secret is written out in this service")
          .from(compose_provenance(service.location, kWhat));
  }
  if (findings.empty())
    findings.not_applicable(Subject::deployment(), "the compose project has no services");
}

}  // namespace

extern const Check compose_no_literal_secrets;
constexpr Check compose_no_literal_secrets{
    .info = {.code = "RTA-DOCK-004",
             .title = "Compose files and command lines hold no secret",
             .core = {},
             .supports = {9},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::fail, Status::unknown, Status::not_applicable},
             .needs = {Need::project_files},
             .controls = kControls,
             .remediation = "secrets:\n  redis_acl: {file: ./secrets/users.acl}\n# and: aclfile "
                            "/run/secrets/redis_acl"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
