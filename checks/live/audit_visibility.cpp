#include <redis_tls_audit/check.h>

#include "base/text.h"
#include "checks/common/settings.h"
#include "redis/scan_commands.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.308.a.8"sv, "nist.CA-2"sv,  "nist.CA-7"sv,
                               "nist.AU-12"sv,    "pci.11.3.1"sv, "pci.10.2.1"sv};
constexpr std::array kNeeded{"CONFIG GET"sv,  "ACL LIST"sv, "ACL LOG"sv,
                             "CLIENT LIST"sv, "INFO"sv,     "MODULE LIST"sv};

struct Missing {
  std::vector<std::string> commands;  // "ACL LIST (noperm)"
  bool all = true;
  bool by_permission = false;  // an ACL rule would help
  bool while_loading = false;
};

Missing missing_of(const RedisServer& server) {
  Missing missing;
  for (const std::string_view command : kNeeded) {
    if (is_sentinel(server) && (command == "CONFIG GET" || command == "MODULE LIST")) continue;
    const CommandResult* result = server.command(std::string{command});
    if (result != nullptr && result->outcome == CommandOutcome::ok) {
      missing.all = false;
      continue;
    }
    const CommandOutcome outcome = result == nullptr ? CommandOutcome::not_sent : result->outcome;
    missing.by_permission |= outcome == CommandOutcome::noperm;
    missing.while_loading |= outcome == CommandOutcome::loading;
    missing.commands.push_back(fmt::format("{} ({})", command, name_of(outcome)));
  }
  return missing;
}

std::string remedy_for(const Missing& missing) {
  if (missing.by_permission) return redis::audit_user_command();
  if (missing.while_loading) return "scan again when the server has loaded its data";
  return "audit the project with its redis.conf and ACL file too: commands that are renamed, taken "
         "away or not answered tell nothing";
}

// Nobody spoke with this server: why, and what would help, stand with its users.
bool let_nobody_in(const RedisServer& server) {
  return server.users.gap() != nullptr &&
         std::ranges::none_of(server.commands, [](const CommandResult& result) {
           return result.outcome == CommandOutcome::ok || result.outcome == CommandOutcome::noperm ||
                  result.outcome == CommandOutcome::unknown_command;
         });
}

std::string speaker(const RedisServer& server) {
  if (!server.authenticated_as.empty()) return "user " + server.authenticated_as;
  return server.credentials_used || server.client_certificate_used ? "the audit account"
                                                                   : "a client without login";
}

void judge_server(const Endpoint& endpoint, const RedisServer& server, Findings& findings) {
  const Subject subject = Subject::endpoint(endpoint.key);
  const Provenance from{
      "redis_server", endpoint.key, {}, "capability matrix", server_grade(endpoint)};
  const Missing missing = missing_of(server);
  const std::string provider = provider_of(endpoint);
  const std::string user = speaker(server);
  if (missing.commands.empty()) {
    findings.pass(subject, fmt::format("{} may send every command that the audit needs", user))
        .from(from);
  } else if (missing.all && let_nobody_in(server)) {
    Gap gap = *server.users.gap();
    gap.detail = "the audit was not let in and saw no state: " + gap.detail;
    findings.unknown(subject, gap).from(from);
  } else if (!provider.empty()) {
    findings
        .not_applicable(
            subject, fmt::format("{} does not offer: {}", provider, join(missing.commands, ", ")))
        .from(from);
  } else if (missing.all) {
    const Gap gap{GapReason::denied,
                  fmt::format("{} was told nothing: {}", user, join(missing.commands, ", ")), ""};
    findings.unknown(subject, gap).remediation(remedy_for(missing)).from(from);
  } else {
    findings.warn(subject, fmt::format("{} was not told: {}", user, join(missing.commands, ", ")))
        .expected("every command of the audit")
        .observed(join(missing.commands, ", "))
        .remediation(remedy_for(missing))
        .from(from);
  }
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  for (const Endpoint& endpoint : evidence.endpoints) {
    if (endpoint.kind == EndpointKind::rehearsal) continue;  // its user is ours
    if (const RedisServer* server = endpoint.redis.value())
      judge_server(endpoint, *server, findings);
    else
      findings.unknown(Subject::endpoint(endpoint.key), *endpoint.redis.gap());
  }
  if (findings.empty())
    findings.unknown(Subject::deployment(), "no live server was asked", GapReason::not_requested);
}

}  // namespace

extern const Check live_audit_visibility;
constexpr Check live_audit_visibility{
    .info = {.code = "RTA-LIVE-001",
             .title = "The audit account sees what the audit needs",
             .core = {},
             .supports = {kItemS},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::unknown, Status::not_applicable},
             .needs = {Need::redis_server},
             .controls = kControls,
             .remediation = "see `redis-tls-audit checks explain RTA-LIVE-001` for the audit user"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
