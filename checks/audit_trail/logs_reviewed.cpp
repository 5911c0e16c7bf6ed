#include <redis_tls_audit/check.h>

#include "checks/common/audit.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.308.a.1.ii.D"sv, "nist.AU-6"sv, "pci.10.4.1"sv,
                               "pci.10.4.2"sv};
constexpr std::chrono::days kReviewAge{90};

void judge_target(const Subject& subject, const std::string& target, const Evidence& evidence,
                  const Policy& policy, Findings& findings) {
  const Attestation* review = evidence.attestation("audit-review", target);
  if (review == nullptr) {
    say_audit(findings, policy, Status::manual, subject,
              "nobody has attested that the logs are reviewed")
        .expected("an attestation audit-review of the last 90 days");
  } else if (evidence.as_of - review->date > kReviewAge) {
    say_audit(findings, policy, Status::manual, subject,
              fmt::format("the last attested review of the logs is of {}, more than 90 days ago",
                          to_date(review->date)))
        .expected("an attestation audit-review of the last 90 days")
        .observed(to_date(review->date))
        .at(review->location)
        .grade(Grade::attested);
  } else {
    findings
        .pass(subject, fmt::format("{} reviewed the logs on {}", review->by, to_date(review->date)))
        .observed(to_date(review->date))
        .at(review->location)
        .grade(Grade::attested);
  }
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  for (const Endpoint& endpoint : evidence.endpoints)
    if (endpoint.kind == EndpointKind::live)
      judge_target(Subject::endpoint(endpoint.key), endpoint.key, evidence, policy, findings);
  if (findings.empty()) judge_target(Subject::deployment(), "", evidence, policy, findings);
}

}  // namespace

extern const Check audit_trail_logs_reviewed;
constexpr Check audit_trail_logs_reviewed{
    .info = {.code = "RTA-AUD-007",
             .title = "Logs are alive and reviewed",
             .core = {12},
             .supports = {},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::manual},
             .needs = {Need::attestations},
             .controls = kControls,
             .remediation = "[[attestation]]\nkind = \"audit-review\"\ntargets = [\"*\"]\n"
                            "statement = \"logs of the last week reviewed\""},
    .evaluate = evaluate,
};

}  // namespace rta::checks
