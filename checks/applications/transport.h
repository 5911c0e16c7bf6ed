// The question that RTA-ENV-001 and RTA-ENV-002 put to their role: is this
// consumer told to use TLS?
#pragma once

#include "checks/common/consumers.h"
#include "checks/common/transport_remedy.h"

namespace rta::checks {

inline void judge_transport(const Consumer& consumer, const Policy& policy, Findings& findings) {
  if (say_refused(consumer, findings)) return;
  const Subject subject = consumer.subject();
  const TlsReading tls = tls_reading(consumer, policy);
  if (is_off_by_silence(consumer, tls) && say_left_out(consumer, findings, "whether it uses TLS"))
    return;
  const std::string remedy = transport_remedy(consumer);
  const auto detail = [&](Findings::Entry entry) {
    entry
        .expected(tls.state == TlsState::on || remedy.empty()
                      ? "REDIS_TLS_ENABLED=true or a rediss:// URL"
                      : remedy)
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
    findings.warn(subject, fmt::format("it does not connect at all: {}", *consumer.client_refuses))
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
