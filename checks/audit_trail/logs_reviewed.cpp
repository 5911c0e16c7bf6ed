#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include "base/text.h"
#include "checks/common/audit.h"
#include "checks/common/server_logs.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.308.a.1.ii.D"sv, "nist.AU-6"sv, "pci.10.4.1"sv,
                               "pci.10.4.2"sv};
constexpr std::chrono::days kReviewAge{90};

std::string age_text(std::chrono::seconds age) {
  const auto hours = std::chrono::floor<std::chrono::hours>(age).count();
  return hours < 48 ? counted(static_cast<std::size_t>(hours), "hour")
                    : counted(static_cast<std::size_t>(hours / 24), "day");
}

// Is the log alive? Told where it was read, and where it was not, why not.
void judge_log(const Endpoint& endpoint, const Evidence& evidence, const Policy& policy,
               Findings& findings) {
  const Subject subject = Subject::endpoint(endpoint.key);
  const Observation<ServerLog> log = log_of(evidence, endpoint);
  if (const Gap* gap = log.gap()) {
    findings.info(subject, "how old the newest line of the log is was not seen: " + gap->detail)
        .remediation(gap->remedy)
        .variant("newest line");
    return;
  }
  // The audit's own handshakes may have been logged after it began.
  const auto age = std::max(evidence.as_of - *log->newest, std::chrono::seconds{0});
  const std::string seen =
      fmt::format("the newest line in {} is {} old", log->path, age_text(age));
  const std::string expected = fmt::format("a line in the last {} hours", policy.audit.max_log_age_hours);
  if (age > std::chrono::hours{policy.audit.max_log_age_hours})
    say_audit(findings, policy, Status::warn, subject, seen)
        .expected(expected)
        .observed(to_rfc3339(*log->newest))
        .remediation("look whether the disk is full, the file was moved without telling Redis, or "
                     "loglevel hides everything")
        .variant("newest line")
        .from(log);
  else
    findings.pass(subject, seen).expected(expected).variant("newest line").from(log);
}

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
  for (const Endpoint& endpoint : evidence.endpoints) {
    if (endpoint.kind != EndpointKind::live) continue;
    judge_target(Subject::endpoint(endpoint.key), endpoint.key, evidence, policy, findings);
    judge_log(endpoint, evidence, policy, findings);
  }
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
             .needs = {Need::attestations, Need::redis_server, Need::server_log},
             .controls = kControls,
             .remediation = "[[attestation]]\nkind = \"audit-review\"\ntargets = [\"*\"]\n"
                            "statement = \"<logs of the last week reviewed>\"\nby = \"<name>\"\nrole = \"<role>\"\n"
                            "date = \"<YYYY-MM-DD>\"\nexpires = \"<YYYY-MM-DD>\""},
    .evaluate = evaluate,
};

}  // namespace rta::checks
