#include <redis_tls_audit/check.h>

#include "checks/common/access.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.a.1"sv, "hipaa.312.d"sv, "nist.AC-3"sv, "nist.IA-2"sv,
                               "nist.IA-9"sv,     "pci.7.2.1"sv,   "pci.8.3.1"sv, "pci.2.2.2"sv};
constexpr std::string_view kExpected = "-NOAUTH, or a handshake that demands a client certificate";

std::string answers(const RedisServer& server) {
  std::string text;
  for (const CommandResult* result : {&server.unauthenticated_ping, &server.unauthenticated_info,
                                      &server.unauthenticated_config}) {
    if (result->outcome == CommandOutcome::not_sent) continue;
    if (!text.empty()) text += "; ";
    text += fmt::format(
        "{}: {}", result->command,
        result->detail.empty() ? name_of(result->outcome) : std::string_view{result->detail});
  }
  return text;
}

// NOPERM lets nobody do anything; an unknown command is refused to everyone,
// because Redis looks for the command before it asks who sent it.
bool is_refusal(const CommandResult& result) {
  return result.outcome == CommandOutcome::noauth || result.outcome == CommandOutcome::noperm ||
         result.outcome == CommandOutcome::unknown_command;
}

Findings::Entry judge_server(const Endpoint& endpoint, const RedisServer& server,
                             const Policy& policy, Findings& findings) {
  const Subject subject = Subject::endpoint(endpoint.key);
  if (answers_nobody(server)) {
    const Verdict verdict = is_loopback_endpoint(endpoint)
                                ? policy.access.unauthenticated_on_loopback
                                : policy.access.unauthenticated;
    const bool sentinel = is_sentinel(server);
    Findings::Entry entry =
        judge(findings, verdict, subject,
              fmt::format("a client without password and certificate is served: the {} is open",
                          sentinel ? "sentinel" : "database"));
    return sentinel ? entry.remediation("requirepass <from ACL GENPASS>") : entry;
  }
  if (server.client_certificate_demanded)
    return findings.pass(
        subject, "the handshake demands a client certificate: " + server.client_certificate_answer);
  if (server.unauthenticated_ping.outcome == CommandOutcome::denied)
    return findings.warn(
        subject, "only protected mode keeps clients without a password out: local ones are served");
  const bool asked_for_password = server.unauthenticated_ping.outcome == CommandOutcome::noauth ||
                                  server.unauthenticated_ping.outcome == CommandOutcome::noperm;
  if (asked_for_password && is_refusal(server.unauthenticated_info) &&
      is_refusal(server.unauthenticated_config))
    return findings.pass(subject, "commands of an unauthenticated client are refused");
  return findings.unknown(subject, "the unauthenticated commands were not all answered",
                          GapReason::incomplete);
}

void judge_declared(const ConfigurationView& view, const Policy& policy, Findings& findings) {
  const std::string* demand = view.value("tls-auth-clients");
  const Observation<std::vector<UserView>> users = users_of(view);
  if (users.gap() != nullptr) {
    findings.unknown(view.subject, *users.gap());
    return;
  }
  const auto user = std::ranges::find(*users, "default", &UserView::name);
  if (!user->enabled || !user->nopass)
    findings.pass(view.subject, "the default user is off or has a password").from(user->from);
  else if (demand != nullptr && *demand == "yes" && view.value("port") != nullptr &&
           *view.value("port") == "0")
    findings.pass(view.subject, "clients need a certificate: tls-auth-clients yes")
        .from(view.provenance("tls-auth-clients"));
  else
    judge(findings, policy.access.unauthenticated, view.subject,
          "the configuration lets clients in without password and certificate")
        .expected("default user off, or a password")
        .observed("default user on, nopass")
        .from(user->from);
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  for (const ConfigurationView& view : configurations(evidence)) {
    if (view.declared != nullptr) {
      judge_declared(view, policy, findings);
      continue;
    }
    const RedisServer* server = view.endpoint->redis.value();
    if (server == nullptr) {
      findings.unknown(view.subject, *view.endpoint->redis.gap());
      continue;
    }
    judge_server(*view.endpoint, *server, policy, findings)
        .expected(std::string{kExpected})
        .observed(answers(*server))
        .from({"redis_server",
               view.endpoint->key,
               {},
               "PING, INFO, CONFIG GET port",
               wire_grade(*view.endpoint)});
  }
  if (findings.empty()) say_no_configuration(evidence, findings);
}

}  // namespace

extern const Check access_unauthenticated_refused;
constexpr Check access_unauthenticated_refused{
    .info = {.code = "RTA-AUTH-001",
             .title = "Unauthenticated clients cannot run commands",
             .core = {kItemS},
             .supports = {},
             .severity = Severity::critical,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown},
             .needs = {Need::redis_server, Need::project_files},
             .controls = kControls,
             .remediation = "user default off\n"
                            "user backend on #<sha256 of a password from ACL GENPASS> ~app:* "
                            "-@all +@read +@write +@connection -@dangerous"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
