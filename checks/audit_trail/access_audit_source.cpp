#include <redis_tls_audit/check.h>

#include "checks/common/audit.h"
#include "checks/common/settings.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.b"sv, "nist.AU-2"sv,    "nist.AU-12"sv,
                               "pci.10.2.1"sv,  "pci.10.2.1.1"sv, "pci.10.2.1.2"sv};

void judge_target(const Subject& subject, const std::string& target, bool was_seen,
                  const Evidence& evidence, const Policy& policy, Findings& findings) {
  const Attestation* attestation = evidence.attestation("audit-logging", target);
  const Artefact* source = artefact_for(evidence, Purpose::access_audit);
  if (attestation != nullptr) {
    const auto named = attestation->details.find("source");
    const std::string attested =
        named == attestation->details.end() ? attestation->statement : named->second;
    if (attested == "none")
      say_audit(findings, policy, Status::fail, subject,
                fmt::format("{} attests that no source records who accessed what", attestation->by))
          .grade(Grade::attested)
          .at(attestation->location);
    else
      findings
          .pass(subject,
                fmt::format("access is audited, as {} attests: {}", attestation->by, attested))
          .grade(Grade::attested)
          .at(attestation->location);
  } else if (source != nullptr) {
    say_audit(findings, policy, Status::manual, subject,
              fmt::format("{} could record access; an attestation has to say that it does",
                          source->summary))
        .at(source->location)
        .grade(Grade::declared);
  } else if (policy.audit.no_access_audit == Verdict::fail && was_seen) {
    say_audit(findings, policy, Status::fail, subject,
              "no source was seen that records who accessed what");
  } else {
    say_audit(findings, policy, Status::manual, subject,
              "no source was seen that records who accessed what: Redis itself has none, a person "
              "has to name it");
  }
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  for (const Endpoint& endpoint : evidence.endpoints)
    if (endpoint.kind == EndpointKind::live)
      judge_target(Subject::endpoint(endpoint.key), endpoint.key, endpoint.redis.has_value(),
                   evidence, policy, findings);
  if (findings.empty())
    judge_target(Subject::deployment(), "", evidence.artefacts_collected, evidence, policy,
                 findings);
}

}  // namespace

extern const Check audit_trail_access_audit_source;
constexpr Check audit_trail_access_audit_source{
    .info = {.code = "RTA-AUD-004",
             .title = "A source that records access is named",
             .core = {12},
             .supports = {},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::manual},
             .needs = {Need::artefacts, Need::attestations},
             .controls = kControls,
             .remediation =
                 "[[attestation]]\nkind = \"audit-logging\"\ntargets = [\"*\"]\n"
                 "statement = \"<the proxy, service or application log that records access>\"\nby = \"<name>\"\nrole = \"<role>\"\n"
                            "date = \"<YYYY-MM-DD>\"\nexpires = \"<YYYY-MM-DD>\""},
    .evaluate = evaluate,
};

}  // namespace rta::checks
