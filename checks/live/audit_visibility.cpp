#include <redis_tls_audit/check.h>

#include "base/provider.h"
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
};

Missing missing_of(const RedisServer& server) {
  Missing missing;
  const bool is_sentinel =
      server.info_value("redis_mode") != nullptr && *server.info_value("redis_mode") == "sentinel";
  for (const std::string_view command : kNeeded) {
    if (is_sentinel && (command == "CONFIG GET" || command == "MODULE LIST")) continue;
    const CommandResult* result = server.command(std::string{command});
    if (result != nullptr && result->outcome == CommandOutcome::ok) {
      missing.all = false;
      continue;
    }
    missing.commands.push_back(
        fmt::format("{} ({})", command,
                    name_of(result == nullptr ? CommandOutcome::not_sent : result->outcome)));
  }
  return missing;
}

void judge_server(const Endpoint& endpoint, const RedisServer& server, Findings& findings) {
  const Subject subject = Subject::endpoint(endpoint.key);
  const Provenance from{
      "redis_server", endpoint.key, {}, "capability matrix", server_grade(endpoint)};
  const Missing missing = missing_of(server);
  std::string provider = server.provider;
  if (provider.empty()) provider = provider_of_host(endpoint.host);
  const std::string user = server.authenticated_as.empty() ? "the unauthenticated client"
                                                           : "user " + server.authenticated_as;
  if (missing.commands.empty()) {
    findings.pass(subject, fmt::format("{} may send every command that the audit needs", user))
        .from(from);
  } else if (!provider.empty()) {
    findings
        .not_applicable(
            subject, fmt::format("{} does not offer: {}", provider, join(missing.commands, ", ")))
        .from(from);
  } else if (missing.all) {
    const Gap gap{GapReason::denied,
                  fmt::format("{} was told nothing: {}", user, join(missing.commands, ", ")), ""};
    findings.unknown(subject, gap).remediation(redis::audit_user_command()).from(from);
  } else {
    findings.warn(subject, fmt::format("{} was not told: {}", user, join(missing.commands, ", ")))
        .expected("every command of the audit")
        .observed(join(missing.commands, ", "))
        .remediation(redis::audit_user_command())
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
