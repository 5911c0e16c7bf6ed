#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include "checks/common/consumers.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.d"sv, "hipaa.312.e.1"sv,  "nist.SC-8"sv, "nist.SC-23"sv,
                               "nist.IA-5.2"sv, "sp800-52r2.4.5"sv, "pci.4.2.1"sv};

constexpr const char* kExpected = "NODE_ENV=production and no switch that skips verification";

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
    findings.not_applicable(subject, "TLS is off here, so nothing is verified (RTA-ENV-001)");
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
  // NODE_ENV says nothing to a client of another language.
  if (consumer.level == VerificationLevel::tls_chain_only) {
    findings
        .pass(subject, "the client verifies the chain (the name is RTA-ENV-008's): " +
                           consumer.level_reason)
        .expected(kExpected)
        .observed(consumer.library)
        .at({consumer.source, 0, 0})
        .grade(Grade::declared);
    return;
  }
  if (!consumer.node_env || consumer.node_env->value.empty()) {
    if (say_left_out(consumer, findings, "NODE_ENV")) return;
    findings
        .warn(subject,
              "NODE_ENV is not set: the application's default decides whether certificates are "
              "verified")
        .expected(kExpected)
        .observed("NODE_ENV unset")
        .at({consumer.source, 0, 0})
        .grade(Grade::declared);
    return;
  }
  const Setting& mode = *consumer.node_env;
  if (mode.value == "production" || mode.value == "staging")
    findings.pass(subject, fmt::format("{} and nothing that skips verification", shown(mode)))
        .expected(kExpected)
        .observed(shown(mode))
        .at(mode.location)
        .grade(Grade::declared);
  else if (mode.value == "development" || mode.value == "dev" || mode.value == "test")
    judge(findings, policy.verification.off, subject,
          fmt::format("{} makes the backend skip verification", shown(mode)))
        .expected(kExpected)
        .observed(shown(mode))
        .at(mode.location)
        .grade(Grade::declared);
  else
    findings
        .warn(subject, fmt::format("{} is no mode that the guide knows: the application decides",
                                   shown(mode)))
        .expected(kExpected)
        .observed(shown(mode))
        .at(mode.location)
        .grade(Grade::declared);
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  for (const Consumer* consumer : consumers_of(evidence, ConsumerRole::backend))
    if (!say_refused(*consumer, findings)) judge_verification(*consumer, policy, findings);
  if (findings.empty()) say_no_consumer(evidence, findings, "backend");
}

}  // namespace

extern const Check applications_backend_verification_on;
constexpr Check applications_backend_verification_on{
    .info = {.code = "RTA-ENV-004",
             .title = "The backend verifies certificates",
             .core = {7},
             .supports = {},
             .severity = Severity::critical,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown,
                          Status::not_applicable},
             .needs = {Need::project_files},
             .controls = kControls,
             .remediation = "NODE_ENV=production"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
