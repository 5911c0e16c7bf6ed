#include <fmt/format.h>
#include <redis_tls_audit/check.h>

#include "base/text.h"
#include "checks/common/repository.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.a.1"sv, "nist.CM-6"sv, "nist.SC-28"sv, "pci.3.6.1"sv};

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  for (const Artefact& artefact : evidence.artefacts) {
    if (artefact.purpose != Purpose::build_context) continue;
    const std::string path = printable(artefact.location.path);
    const Subject subject = Subject::artefact(artefact.location.path);
    if (artefact.problems.empty()) {
      findings
          .pass(subject,
                fmt::format("{}: no key, certificate or env file of its context gets into the image",
                            path))
          .variant(artefact.command)
          .expected("certs/, *.pem, *.key and .env in .dockerignore")
          .observed(printable(artefact.summary))
          .grade(Grade::declared)
          .at(artefact.location);
    } else {
      findings
          .warn(subject, fmt::format("{} copies key material from its context: {}", path,
                                     printable(join(artefact.problems, "; "))))
          .variant(artefact.command)
          .expected("certs/, *.pem, *.key and .env in .dockerignore")
          .observed(printable(artefact.summary))
          .grade(Grade::declared)
          .at(artefact.location);
    }
  }
  if (!findings.empty()) return;
  if (!evidence.artefacts_collected)
    findings.unknown(Subject::deployment(), "Dockerfiles were not looked for",
                     GapReason::not_requested);
  else
    findings.not_applicable(Subject::deployment(), "the project has no Dockerfile");
}

}  // namespace

extern const Check version_control_build_context_excludes_material;
constexpr Check version_control_build_context_excludes_material{
    .info = {.code = "RTA-VCS-007",
             .title = "Build contexts exclude keys, certificates and env files",
             .core = {},
             .supports = {9},
             .severity = Severity::low,
             .statuses = {Status::pass, Status::warn, Status::not_applicable, Status::unknown},
             .needs = {Need::artefacts},
             .controls = kControls,
             .remediation = "add to .dockerignore:\ncerts/\n**/*.pem\n**/*.key\n**/.env"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
