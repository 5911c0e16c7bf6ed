#include <redis_tls_audit/check.h>

#include "checks/common/audit.h"
#include "checks/common/settings.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.b"sv, "hipaa.316.b.2.i"sv, "nist.AU-4"sv,
                               "nist.AU-8"sv,   "nist.AU-9"sv,       "nist.AU-11"sv,
                               "pci.10.3.1"sv,  "pci.10.5.1"sv,      "pci.10.6.1"sv};
constexpr std::int64_t kSkewWarn = 5;
constexpr std::int64_t kSkewFail = 60;

void judge_clock(const Endpoint& endpoint, const RedisServer& server, const Policy& policy,
                 Findings& findings) {
  if (!server.clock_skew_seconds) return;
  const std::int64_t skew =
      *server.clock_skew_seconds < 0 ? -*server.clock_skew_seconds : *server.clock_skew_seconds;
  if (skew <= kSkewWarn) return;
  say_audit(
      findings, policy, skew > kSkewFail ? Status::fail : Status::warn,
      Subject::endpoint(endpoint.key),
      fmt::format("the server's clock is {} s away from this machine's: times in the log mislead",
                  skew))
      .expected("5 s or less")
      .observed(fmt::format("{} s", skew))
      .remediation("apt-get install chrony")
      .variant("clock")
      .from({"redis_server", endpoint.key, {}, "TIME", server_grade(endpoint)});
}

// Retention is a promise about years: only a person can make it.
void judge_retention(const Evidence& evidence, const Policy& policy, Findings& findings) {
  const Subject subject = Subject::deployment();
  const Artefact* shipping = artefact_for(evidence, Purpose::log_shipping);
  const Artefact* rotation = artefact_for(evidence, Purpose::log_retention);
  const Attestation* attestation = evidence.attestation("audit-logging");
  const bool says_how_long = attestation != nullptr && attestation->details.contains("retention");
  if (says_how_long)
    findings
        .pass(subject, fmt::format("logs are kept for {}, as {} attests",
                                   attestation->details.at("retention"), attestation->by))
        .expected(policy.audit.retention)
        .grade(Grade::attested)
        .at(attestation->location);
  else if (shipping != nullptr || rotation != nullptr)
    say_audit(findings, policy, Status::manual, subject,
              fmt::format("{}; how long it is kept has to be attested",
                          (shipping != nullptr ? shipping : rotation)->summary))
        .expected(policy.audit.retention)
        .at((shipping != nullptr ? shipping : rotation)->location)
        .grade(Grade::declared);
  else
    say_audit(findings, policy, Status::manual, subject,
              "nothing was seen that keeps or ships the log; retention has to be attested")
        .expected(policy.audit.retention);
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  for (const Endpoint& endpoint : evidence.endpoints)
    if (const RedisServer* server = endpoint.redis.value();
        server != nullptr && endpoint.kind == EndpointKind::live)
      judge_clock(endpoint, *server, policy, findings);
  judge_retention(evidence, policy, findings);
}

}  // namespace

extern const Check audit_trail_log_kept;
constexpr Check audit_trail_log_kept{
    .info = {.code = "RTA-AUD-005",
             .title = "Logs are kept, whole and in the right time",
             .core = {},
             .supports = {12},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::manual},
             .needs = {Need::redis_server, Need::artefacts, Need::attestations},
             .controls = kControls,
             .remediation = "[[attestation]]\nkind = \"audit-logging\"\ntargets = "
                            "[\"*\"]\nstatement = \"<logs are kept off the host>\"\nby = \"<name>\"\nrole = \"<role>\"\n"
                            "date = \"<YYYY-MM-DD>\"\nexpires = \"<YYYY-MM-DD>\""
                            "\n[attestation.details]\nretention = \"6 years\""},
    .evaluate = evaluate,
};

}  // namespace rta::checks
