#include <redis_tls_audit/check.h>

#include "checks/common/audit.h"
#include "checks/common/settings.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.b"sv, "hipaa.308.a.5.ii.C"sv, "nist.AU-2"sv,
                               "nist.AU-3"sv,   "nist.AU-12"sv,         "pci.10.2.1.1"sv,
                               "pci.10.2.2"sv};

void judge_level(const ConfigurationView& view, const Artefact* alternative, const Policy& policy,
                 Findings& findings) {
  const std::string* level = view.value("loglevel");
  if (level == nullptr) {
    findings.unknown(view.subject, view.gap("loglevel"));
  } else if (*level == "verbose" || *level == "debug") {
    findings
        .pass(view.subject,
              fmt::format("loglevel {} records every connection with address and user", *level))
        .observed("loglevel " + *level)
        .from(view.provenance("loglevel"));
  } else if (alternative != nullptr) {
    findings.pass(view.subject, "connections are recorded by " + alternative->summary)
        .observed("loglevel " + *level)
        .at(alternative->location)
        .grade(Grade::declared);
  } else {
    say_audit(
        findings, policy, Status::warn, view.subject,
        fmt::format("loglevel {} records no connections, and no other record of them was seen",
                    *level))
        .expected("loglevel verbose, or a proxy or managed service that records connections")
        .observed("loglevel " + *level)
        .from(view.provenance("loglevel"));
  }
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  const Artefact* alternative = artefact_for(evidence, Purpose::access_audit);
  for (const ConfigurationView& view : configurations(evidence))
    judge_level(view, alternative, policy, findings);
  if (findings.empty()) say_no_configuration(evidence, findings);
}

}  // namespace

extern const Check audit_trail_connections_recorded;
constexpr Check audit_trail_connections_recorded{
    .info = {.code = "RTA-AUD-002",
             .title = "Connections are recorded with user and address",
             .core = {12},
             .supports = {},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::unknown},
             .needs = {Need::redis_server, Need::project_files, Need::artefacts},
             .controls = kControls,
             .remediation = "loglevel verbose"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
