#include <redis_tls_audit/check.h>

#include "checks/common/audit.h"
#include "checks/common/settings.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.a.1"sv, "hipaa.312.b"sv, "nist.AU-3.3"sv, "nist.SI-11"sv,
                               "pci.10.3.1"sv};

bool watches_everything(const ClientEntry& client) {
  return client.flags.find('O') != std::string::npos || client.last_command == "monitor";
}

// MONITOR prints keys and values; only AUTH is redacted.
void judge_monitors(const ConfigurationView& view, const Policy& policy, Findings& findings) {
  const RedisServer* server = view.endpoint == nullptr ? nullptr : view.endpoint->redis.value();
  if (server == nullptr || !server->clients.has_value()) return;
  const auto watching = std::ranges::count_if(*server->clients, watches_everything);
  if (watching > 0)
    say_audit(findings, policy, Status::fail, view.subject,
              "a MONITOR client reads every key and value that passes")
        .expected("no MONITOR client")
        .observed(fmt::format("{} connected", watching))
        .remediation("find it by CLIENT LIST (cmd=monitor), then CLIENT KILL ID <id>, and take "
                     "+monitor from its user")
        .variant("monitor")
        .from(
            {"redis_server", view.endpoint->key, {}, "CLIENT LIST", server_grade(*view.endpoint)});
}

void warn_when(const ConfigurationView& view, const std::string& parameter, std::string_view value,
               const char* message, const char* remedy, const Policy& policy, Findings& findings) {
  const std::string* seen = view.value(parameter);
  if (seen != nullptr && *seen == value)
    say_audit(findings, policy, Status::warn, view.subject, message)
        .observed(fmt::format("{} {}", parameter, value))
        .remediation(remedy)
        .variant(parameter)
        .from(view.provenance(parameter));
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  for (const ConfigurationView& view : configurations(evidence)) {
    if (view.value("loglevel") == nullptr) {
      findings.unknown(view.subject, view.gap("loglevel"));
      continue;
    }
    const std::size_t before = findings.all().size();
    judge_monitors(view, policy, findings);
    if (policy.production)
      warn_when(view, "loglevel", "debug", "loglevel debug writes what clients send into the log",
                "loglevel verbose", policy, findings);
    warn_when(view, "hide-user-data-from-log", "no",
              "crash reports and errors in the log hold users' data",
              "hide-user-data-from-log yes", policy, findings);
    warn_when(view, "slowlog-log-slower-than", "0",
              "the slow log keeps the arguments of every command",
              "slowlog-log-slower-than 10000", policy, findings);
    const RedisServer* server = view.endpoint == nullptr ? nullptr : view.endpoint->redis.value();
    if (findings.all().size() != before) continue;
    if (server != nullptr && !server->clients.has_value())
      findings.unknown(view.subject, *server->clients.gap());
    else
      findings.pass(view.subject, "no setting and no client was seen that copies data into logs")
          .from(view.provenance("loglevel"));
  }
  if (findings.empty()) say_no_configuration(evidence, findings);
}

}  // namespace

extern const Check audit_trail_no_data_in_logs;
constexpr Check audit_trail_no_data_in_logs{
    .info = {.code = "RTA-AUD-006",
             .title = "Logging does not copy health data",
             .core = {},
             .supports = {12},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown},
             .needs = {Need::redis_server, Need::project_files},
             .controls = kControls,
             .remediation = "hide-user-data-from-log yes"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
