#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include "base/text.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.a.1"sv, "nist.CM-6"sv, "pci.3.6.1"sv};

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  for (const Artefact& artefact : evidence.artefacts) {
    if (artefact.purpose != Purpose::unsafe_key_handling) continue;
    findings
        .warn(Subject::artefact(artefact.location.path),
              fmt::format("{}: {}", artefact.location.text(), artefact.summary))
        .variant(fmt::format("{}", artefact.summary))
        .at(artefact.location)
        .grade(Grade::declared)
        .expected("every generated key ends with mode 0600")
        .observed(artefact.command);
  }
  if (!findings.empty()) return;
  if (evidence.artefacts_collected)
    findings.not_applicable(
        Subject::deployment(),
        "no script or document of the project makes keys without protecting them");
  else
    findings.unknown(Subject::deployment(), "scripts and documents were not looked at",
                     GapReason::not_requested);
}

}  // namespace

extern const Check private_keys_scripts_protect_keys;
constexpr Check private_keys_scripts_protect_keys{
    .info = {.code = "RTA-KEY-009",
             .title = "Scripts and documents protect the keys that they make",
             .core = {},
             .supports = {8},
             .severity = Severity::low,
             .statuses = {Status::warn, Status::unknown, Status::not_applicable},
             .needs = {Need::artefacts},
             .controls = kControls,
             .remediation = "umask 077 first, then chmod 600 -- *-key.pem"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
