#include <redis_tls_audit/check.h>

#include "checks/common/artefacts.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.2.ii"sv, "hipaa.312.a.2.iv"sv, "nist.SC-8.1"sv,
                               "nist.SC-28"sv,       "nist.CM-6"sv,        "pci.4.2.1"sv};

std::string all_of(const Artefact& artefact, std::string_view level) {
  std::string text;
  for (const std::string& problem : artefact.problems)
    if (problem.starts_with(level))
      text += (text.empty() ? "" : "; ") + problem.substr(level.size());
  return text;
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  if (const Gap* gap = artefact_gap(evidence)) {
    findings.unknown(Subject::deployment(), *gap);
    return;
  }
  for (const Artefact* artefact : artefacts_for(evidence, Purpose::managed_service, true)) {
    if (!all_of(*artefact, "anchor: ").empty()) continue;  // RTA-MGD-003 speaks of it
    const Subject subject = Subject::artefact(artefact->location.path);
    const std::string failing = all_of(*artefact, "fail: "), warning = all_of(*artefact, "warn: ");
    if (!failing.empty())
      findings.fail(subject, failing).from(provenance_of(*artefact)).observed(artefact->summary);
    else if (!warning.empty())
      findings.warn(subject, warning).from(provenance_of(*artefact)).observed(artefact->summary);
    else
      findings
          .pass(subject, "encryption in transit and at rest, authentication and logs are declared")
          .from(provenance_of(*artefact));
  }
  if (findings.empty())
    findings.not_applicable(Subject::deployment(), "the project declares no managed Redis");
}

}  // namespace

extern const Check managed_encryption_declared;
constexpr Check managed_encryption_declared{
    .info = {.code = "RTA-MGD-002",
             .title = "Encryption and authentication are declared for managed services",
             .core = {},
             .supports = {1},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown,
                          Status::not_applicable},
             .needs = {Need::artefacts},
             .controls = kControls,
             .remediation =
                 "transit_encryption_enabled = true\ntransit_encryption_mode = \"required\""},
    .evaluate = evaluate,
};

}  // namespace rta::checks
