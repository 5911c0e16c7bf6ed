#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include "checks/common/consumers.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.1"sv, "hipaa.308.a.8"sv,  "nist.SC-8.1"sv,
                               "nist.CA-2"sv,     "sp800-52r2.4.5"sv, "pci.4.2.1"sv};

constexpr const char* kExpected = "TCP, TLS 1.2 or 1.3, chain, name, AUTH, +PONG";

std::string_view remedy(SessionStage stage) {
  switch (stage) {
    case SessionStage::parameters:
      return "write paths of files that exist into the consumer's settings: its CA first";
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
        .remediation(std::string{remedy(session->reached)});
  else
    findings
        .fail(consumer.subject(),
              fmt::format("its own parameters fail at stage {}: {}{}", stage, session->failure,
                          what_the_client_does(consumer, *session)))
        .expected(kExpected)
        .observed(fmt::format("{}: {}", stage, session->failure))
        .remediation(std::string{remedy(session->reached)})
        .from(consumer.session);
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  for (const Consumer* consumer : main_consumers(evidence))
    if (!say_refused(*consumer, findings)) judge_session(*consumer, findings);
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
             .statuses = {Status::pass, Status::fail, Status::unknown},
             .needs = {Need::project_files, Need::consumer_sessions},
             .controls = kControls,
             .remediation = {}},
    .evaluate = evaluate,
};

}  // namespace rta::checks
