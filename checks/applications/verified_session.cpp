#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include "checks/common/consumers.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.1"sv, "hipaa.308.a.8"sv,  "nist.SC-8.1"sv,
                               "nist.CA-2"sv,     "sp800-52r2.4.5"sv, "pci.4.2.1"sv};

constexpr const char* kExpected = "TCP, TLS 1.2 or 1.3, chain, name, AUTH, +PONG";

// What the failure itself asks for, where the stage alone would mislead.
std::string_view remedy_of_failure(const ConsumerSession& session) {
  const auto says = [&](std::string_view words) {
    return session.failure.find(words) != std::string::npos;
  };
  if (session.reached == SessionStage::tls && says("client certificate"))
    return "give the consumer a client certificate and key that the server accepts";
  if (session.reached != SessionStage::chain) return "";
  if (says("not yet valid")) return "compare the clocks of issuer and server, or wait";
  if (says("expired")) return "renew what has expired (RTA-CERT-002)";
  if (says("purpose")) return "issue the server's certificate for serverAuth (RTA-CERT-008)";
  return "";
}

std::string_view remedy(const ConsumerSession& session) {
  if (const std::string_view own = remedy_of_failure(session); !own.empty()) return own;
  switch (session.reached) {
    case SessionStage::parameters:
      return "complete the consumer's settings: TLS on (RTA-ENV-001, RTA-ENV-002), and a CA that "
             "exists (RTA-ENV-003)";
    case SessionStage::resolve:
      return "make the host name resolve, or map it with [connect_to]";
    case SessionStage::connect:
      return "open the TLS port to this consumer";
    case SessionStage::tls:
      return "make the server offer TLS 1.2 or 1.3 on this port";
    case SessionStage::chain:
      return "give the consumer the CA that issued the server's certificate (RTA-CHAIN-001)";
    case SessionStage::name:
      return "issue the server's certificate for the name that the consumer uses (RTA-CHAIN-002)";
    case SessionStage::authenticate:
      return "give the consumer a user and password that the server knows (RTA-AUTH-001)";
    case SessionStage::ping:
      return "let the consumer's user run PING";
    case SessionStage::done:
      break;
  }
  return "";
}

// A client that verifies less connects where this scan refuses: that is worse,
// not better, and said.
std::string what_the_client_does(const Consumer& consumer, const ConsumerSession& session) {
  const bool about_trust =
      session.reached == SessionStage::chain || session.reached == SessionStage::name;
  return about_trust ? "; " + client_behaviour(consumer) : "";
}

// What the rehearsal had to make: not judged, and told.
std::string stand_ins(const ConsumerSession& session) {
  if (session.stand_ins.empty()) return "";
  return fmt::format(" (made for the rehearsal: {})",
                     fmt::join(session.stand_ins, ", "));
}

void judge_session(const Consumer& consumer, Findings& findings) {
  const ConsumerSession* session = consumer.session.value();
  if (session == nullptr) {
    findings.unknown(consumer.subject(), *consumer.session.gap()).expected(kExpected);
    return;
  }
  const std::string stage{name_of(session->reached)};
  if (session->reached == SessionStage::done)
    findings
        .pass(consumer.subject(),
              fmt::format("its own parameters complete a {} session up to +PONG, in which this "
                          "scan verified chain and name{}; {}",
                          name_of(session->version), stand_ins(*session),
                          client_behaviour(consumer)))
        .expected(kExpected)
        .observed("+PONG")
        .from(consumer.session);
  else if (session->inconclusive)
    findings
        .unknown(consumer.subject(),
                 fmt::format("could not be tried from here, stage {}: {}", stage, session->failure),
                 session->left_out ? GapReason::left_out : GapReason::unreachable)
        .expected(kExpected)
        .remediation(std::string{remedy(*session)});
  else
    findings
        .fail(consumer.subject(),
              fmt::format("its own parameters fail at stage {}: {}{}", stage, session->failure,
                          what_the_client_does(consumer, *session)))
        .expected(kExpected)
        .observed(fmt::format("{}: {}", stage, session->failure))
        .remediation(std::string{remedy(*session)})
        .from(consumer.session);
}

// A session with TLS would not be one of its own.
bool say_off(const Consumer& consumer, const Policy& policy, Findings& findings) {
  const TlsReading tls = tls_reading(consumer, policy);
  if (tls.state != TlsState::off || is_off_by_silence(consumer, tls)) return false;
  findings
      .not_applicable(consumer.subject(), "TLS is off here (RTA-ENV-001, RTA-ENV-002): " + tls.seen)
      .at(tls.location);
  return true;
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  for (const Consumer* consumer : main_consumers(evidence))
    if (!say_refused(*consumer, findings) && !say_off(*consumer, policy, findings))
      judge_session(*consumer, findings);
  if (findings.empty()) say_no_consumer(evidence, findings, "backend or worker");
}

}  // namespace

extern const Check applications_verified_session;
constexpr Check applications_verified_session{
    .info = {.code = "RTA-ENV-006",
             .title = "The consumer's own parameters complete a verified TLS session",
             .core = {5, 6},
             .supports = {},
             .severity = Severity::critical,
             .statuses = {Status::pass, Status::fail, Status::unknown, Status::not_applicable},
             .needs = {Need::project_files, Need::consumer_sessions},
             .controls = kControls,
             .remediation = {}},
    .evaluate = evaluate,
};

}  // namespace rta::checks
