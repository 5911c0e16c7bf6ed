// The question that RTA-ENV-001 and RTA-ENV-002 put to their role: is this
// consumer told to use TLS?
#pragma once

#include "base/text.h"
#include "checks/common/consumers.h"

namespace rta::checks {

// A URL decides over every switch; its user information stays as it is.
inline std::string transport_remedy(const Consumer& consumer) {
  if (!consumer.url || consumer.url_is_tls.value_or(true)) return "";
  const std::string& value = consumer.url->value;
  const std::size_t mark = value.find("://");
  if (mark == std::string::npos) return "";
  const std::string scheme = lower_ascii(value.substr(0, mark));
  if (scheme != "redis" && scheme != "valkey") return "";
  return fmt::format("{}={}s{}", consumer.url->name, scheme, value.substr(mark));
}

inline void judge_transport(const Consumer& consumer, const Policy& policy, Findings& findings) {
  if (say_refused(consumer, findings)) return;
  const Subject subject = consumer.subject();
  const TlsReading tls = tls_reading(consumer, policy);
  if (is_off_by_silence(consumer, tls) && say_left_out(consumer, findings, "whether it uses TLS"))
    return;
  const std::string remedy = transport_remedy(consumer);
  const auto detail = [&](Findings::Entry entry) {
    entry.expected("REDIS_TLS_ENABLED=true or a rediss:// URL")
        .observed(tls.seen)
        .at(tls.location)
        .grade(Grade::declared);
    if (!remedy.empty()) entry.remediation(remedy);
  };
  switch (tls.state) {
    case TlsState::on:
      detail(findings.pass(subject, fmt::format("TLS is on: {}", tls.seen)));
      break;
    case TlsState::application:
      detail(findings.warn(
          subject, fmt::format("{}: whether that means TLS depends on the application; write true",
                               tls.seen)));
      break;
    case TlsState::off:
      detail(findings.add(policy.production ? Status::fail : Status::warn, subject,
                          fmt::format("TLS is off: {}", tls.seen)));
      break;
  }
  if (consumer.client_refuses)
    findings
        .warn(subject, fmt::format("it does not connect at all: {}", *consumer.client_refuses))
        .variant("client refuses")
        .observed(*consumer.client_refuses)
        .at({consumer.source, 0, 0})
        .grade(Grade::declared);
  for (const auto* setting : {&consumer.tls_switch, &consumer.url})
    if (*setting && !(*setting)->other_dialects.empty())
      findings
          .warn(subject,
                fmt::format("another likely reader of {} sees another value of {} ({})",
                            consumer.source, (*setting)->name, (*setting)->other_dialects.front()))
          .variant("dialect " + (*setting)->name)
          .at((*setting)->location)
          .grade(Grade::declared);
}

}  // namespace rta::checks
