#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include "base/text.h"
#include "checks/common/consumers.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.d"sv, "hipaa.312.e.1"sv,  "nist.SC-8"sv,
                               "nist.SC-23"sv,  "sp800-52r2.4.5"sv, "pci.4.2.1"sv};

constexpr const char* kExpected = "REDIS_TLS_VERIFY=true";

void judge_verification(const Consumer& consumer, const Policy& policy, Findings& findings) {
  const Subject subject = consumer.subject();
  if (const auto off = verification_off(consumer)) {
    judge(findings, policy.verification.off, subject,
          fmt::format("verification is switched off: {}", off->seen))
        .expected(kExpected)
        .observed(off->seen)
        .remediation(off->remedy)
        .at(off->location)
        .grade(Grade::declared);
    return;
  }
  const TlsReading tls = tls_reading(consumer, policy);
  if (is_off_by_silence(consumer, tls) &&
      say_left_out(consumer, findings, "whether it uses TLS and verifies"))
    return;
  if (tls.state == TlsState::off) {
    findings.not_applicable(subject, "TLS is off here, so nothing is verified (RTA-ENV-002)");
    return;
  }
  if (consumer.level == VerificationLevel::tls_verified) {
    findings.pass(subject, "the client verifies chain and name: " + consumer.level_reason)
        .expected(kExpected)
        .observed(consumer.library)
        .at({consumer.source, 0, 0})
        .grade(Grade::declared);
    return;
  }
  const std::string value = consumer.verify ? lower_ascii(consumer.verify->value) : "";
  if (value == "true" || value == "required" || value == "cert_required" || value == "1" ||
      value == "yes" || value == "on")
    findings.pass(subject, fmt::format("{}", shown(*consumer.verify)))
        .expected(kExpected)
        .observed(shown(*consumer.verify))
        .at(consumer.verify->location)
        .grade(Grade::declared);
  else if (!value.empty())
    findings
        .warn(subject, fmt::format("{} is neither true nor false: the application decides",
                                   shown(*consumer.verify)))
        .expected(kExpected)
        .observed(shown(*consumer.verify))
        .at(consumer.verify->location)
        .grade(Grade::declared);
  else if (!say_left_out(consumer, findings, "REDIS_TLS_VERIFY"))
    findings
        .warn(subject,
              "REDIS_TLS_VERIFY is not set: the application's default decides whether certificates "
              "are verified")
        .expected(kExpected)
        .observed("REDIS_TLS_VERIFY unset")
        .at({consumer.source, 0, 0})
        .grade(Grade::declared);
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  for (const Consumer* consumer : consumers_of(evidence, ConsumerRole::worker))
    if (!say_refused(*consumer, findings)) judge_verification(*consumer, policy, findings);
  if (findings.empty()) say_no_consumer(evidence, findings, "worker");
}

}  // namespace

extern const Check applications_worker_verification_on;
constexpr Check applications_worker_verification_on{
    .info = {.code = "RTA-ENV-005",
             .title = "The worker verifies certificates",
             .core = {7},
             .supports = {},
             .severity = Severity::critical,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown,
                          Status::not_applicable},
             .needs = {Need::project_files},
             .controls = kControls,
             .remediation = "REDIS_TLS_VERIFY=true"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
