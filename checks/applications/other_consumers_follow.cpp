#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include "checks/common/consumers.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.1"sv, "nist.SC-8.1"sv, "nist.CM-8"sv, "pci.4.2.1"sv,
                               "pci.12.5.1"sv};

constexpr const char* kExpected = "TLS on, verification on, no secret in templates";

// What is weak here; empty when nothing is.
std::string weakness(const Consumer& consumer, const Policy& policy) {
  if (const auto off = verification_off(consumer)) return "verification is off: " + off->seen;
  const TlsReading tls = tls_reading(consumer, policy);
  const bool says_something = consumer.url || consumer.tls_switch || !consumer.host_defaulted;
  return says_something && tls.state == TlsState::off ? "plaintext: " + tls.seen : "";
}

bool holds_real_secret(const Consumer& consumer) {
  for (const Setting& setting : consumer.settings)
    if (setting.is_secret && setting.secret.length > 0 && !setting.secret.placeholder) return true;
  return false;
}

Findings::Entry say(const Consumer& consumer, Findings& findings, Status status,
                    std::string message) {
  return findings.add(status, consumer.subject(), std::move(message))
      .expected(kExpected)
      .at({consumer.source, 0, 0})
      .grade(Grade::declared);
}

void judge_template(const Consumer& consumer, const Policy& policy, Findings& findings) {
  const std::string weak = weakness(consumer, policy);
  if (holds_real_secret(consumer))
    say(consumer, findings, Status::fail, "a template carries what looks like a real secret");
  else if (!weak.empty())
    say(consumer, findings, Status::warn, "a template teaches an unsafe setting, " + weak)
        .observed(weak);
  else
    say(consumer, findings, Status::pass, "a template with safe settings and no secret");
}

// A compose service runs; an env file of unknown use may be a developer's.
void judge_other(const Consumer& consumer, const Policy& policy, Findings& findings) {
  const std::string weak = weakness(consumer, policy);
  const bool runs =
      consumer.dialect == "compose" && consumer.source.find(".env") == std::string::npos;
  if (weak.empty()) {
    say(consumer, findings, Status::pass, "nothing in its settings weakens the connection");
    return;
  }
  const bool serious = policy.production && (runs || holds_real_secret(consumer));
  say(consumer, findings, serious ? Status::fail : Status::warn, weak).observed(weak);
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  for (const Consumer& consumer : evidence.consumers) {
    const bool is_main =
        consumer.role == ConsumerRole::backend || consumer.role == ConsumerRole::worker;
    if (is_main && !consumer.template_file) continue;
    if (say_refused(consumer, findings)) continue;
    if (consumer.template_file)
      judge_template(consumer, policy, findings);
    else
      judge_other(consumer, policy, findings);
  }
  if (!findings.empty()) return;
  if (!evidence.scope.project) return say_no_consumer(evidence, findings, "other consumer");
  findings.not_applicable(Subject::deployment(),
                          "no consumers beside backend and worker, and no templates, were found");
}

}  // namespace

extern const Check applications_other_consumers_follow;
constexpr Check applications_other_consumers_follow{
    .info = {.code = "RTA-ENV-011",
             .title = "Other consumers and templates follow suit",
             .core = {},
             .supports = {5, 6},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown,
                          Status::not_applicable},
             .needs = {Need::project_files},
             .controls = kControls,
             .remediation = "REDIS_TLS_ENABLED=true, or a rediss:// URL"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
