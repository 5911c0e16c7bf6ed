#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include "checks/common/consumers.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.1"sv, "nist.SC-8.1"sv, "nist.CM-8"sv, "pci.4.2.1"sv,
                               "pci.12.5.1"sv};

constexpr const char* kExpected = "TLS on, verification on, no secret in templates";

struct Weakness {
  std::string what;  // empty: nothing is weak
  SourceLocation at;
};

Weakness weakness(const Consumer& consumer, const Policy& policy) {
  if (const auto off = verification_off(consumer))
    return {"verification is off: " + off->seen, off->location};
  const TlsReading tls = tls_reading(consumer, policy);
  // What is set elsewhere may say it.
  if (!consumer.left_out.empty() && is_off_by_silence(consumer, tls)) return {};
  const bool says_something = consumer.url || consumer.tls_switch || !consumer.host_defaulted;
  if (says_something && tls.state == TlsState::off) return {"plaintext: " + tls.seen, tls.location};
  return {};
}

const Setting* real_secret(const Consumer& consumer) {
  for (const Setting& setting : consumer.settings)
    if (setting.is_secret && setting.secret.length > 0 && !setting.secret.placeholder &&
        !setting.secret.left_out)
      return &setting;
  return nullptr;
}

Findings::Entry say(const Consumer& consumer, Findings& findings, Status status,
                    std::string message, const SourceLocation& at) {
  return findings.add(status, consumer.subject(), std::move(message))
      .expected(kExpected)
      .at(at.path.empty() ? SourceLocation{consumer.source, 0, 0} : at)
      .grade(Grade::declared);
}

void judge_template(const Consumer& consumer, const Policy& policy, Findings& findings) {
  const Weakness weak = weakness(consumer, policy);
  const Setting* secret = real_secret(consumer);
  const TlsReading tls = tls_reading(consumer, policy);
  if (secret != nullptr)
    say(consumer, findings, Status::fail,
        fmt::format("a template carries what looks like a real secret in {}", secret->name),
        secret->location);
  else if (!weak.what.empty())
    say(consumer, findings, Status::warn, "a template teaches an unsafe setting, " + weak.what,
        weak.at)
        .observed(weak.what);
  else
    say(consumer, findings, Status::pass,
        tls.state == TlsState::on ? "a template that asks for TLS and holds no secret"
                                  : "a template that holds no secret and no unsafe setting",
        tls.location);
}

// A compose service runs; an env file of unknown use may be a developer's.
void judge_other(const Consumer& consumer, const Policy& policy, Findings& findings) {
  const Weakness weak = weakness(consumer, policy);
  const TlsReading tls = tls_reading(consumer, policy);
  if (weak.what.empty() && tls.state == TlsState::off) {
    if (!say_left_out(consumer, findings, "whether it uses TLS"))
      findings
          .unknown(consumer.subject(), "its settings do not say whether it uses TLS",
                   GapReason::not_found)
          .expected(kExpected)
          .at({consumer.source, 0, 0});
    return;
  }
  const bool starts = consumer.dialect == "compose" || consumer.dialect == "kubernetes";
  const bool runs = starts && consumer.source.find(".env") == std::string::npos;
  if (weak.what.empty()) {
    say(consumer, findings, Status::pass,
        fmt::format("{}, and nothing in its settings switches verification off", tls.seen),
        tls.location);
    return;
  }
  const bool serious = policy.production && (runs || real_secret(consumer) != nullptr);
  say(consumer, findings, serious ? Status::fail : Status::warn, weak.what, weak.at)
      .observed(weak.what);
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
