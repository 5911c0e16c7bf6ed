#include <redis_tls_audit/check.h>

#include "checks/common/artefacts.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.308.a.7"sv, "nist.SC-12"sv, "nist.CM-6"sv, "pci.3.7.4"sv};

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  if (const Gap* gap = artefact_gap(evidence)) {
    findings.unknown(Subject::deployment(), *gap);
    return;
  }
  const auto renewals = artefacts_for(evidence, Purpose::rotation);
  const auto reloads = artefacts_for(evidence, Purpose::reload);
  for (const Artefact* renewal : renewals) {
    const Subject subject = Subject::artefact(renewal->location.path);
    const auto hook = std::ranges::find_if(reloads, [&](const Artefact* reload) {
      return reload->location.path == renewal->location.path;
    });
    if (hook != reloads.end())
      findings.pass(subject, "the renewal also makes Redis load the certificate")
          .from(provenance_of(**hook))
          .observed((*hook)->command);
    else
      findings
          .warn(subject,
                "the renewal replaces the file, but nothing makes Redis load it: the old "
                "certificate stays in use")
          .from(provenance_of(*renewal))
          .observed(renewal->command)
          .expected("CONFIG SET tls-cert-file, or a restart of Redis, in the same job");
  }
  if (renewals.empty())
    findings.not_applicable(Subject::deployment(),
                            "no scheduled renewal was found, so there is no hook to look at");
}

}  // namespace

extern const Check rotation_reload_hook;
constexpr Check rotation_reload_hook{
    .info = {.code = "RTA-ROT-003",
             .title = "The rotation mechanism makes Redis load the new certificate",
             .core = {},
             .supports = {10},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::warn, Status::unknown, Status::not_applicable},
             .needs = {Need::artefacts, Need::project_files},
             .controls = kControls,
             .remediation = "redis-cli ... CONFIG SET tls-cert-file <path> tls-key-file <path>   # "
                            "in the renewal hook"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
