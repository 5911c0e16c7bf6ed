#include <redis_tls_audit/check.h>

#include "checks/common/audit.h"
#include "checks/common/settings.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.b"sv, "nist.AU-2"sv, "nist.AU-12"sv, "pci.10.2.1"sv};

const ComposeService* service_of(const ConfigurationView& view, const Evidence& evidence) {
  if (view.declared == nullptr || view.declared->service.empty() || !evidence.compose.has_value())
    return nullptr;
  for (const ComposeService& service : evidence.compose->services)
    if (service.name == view.declared->service) return &service;
  return nullptr;
}

// Who catches standard output: systemd, or a log driver that compose names.
std::string supervisor_of(const ConfigurationView& view, const Evidence& evidence) {
  if (view.endpoint != nullptr && view.endpoint->redis.has_value()) {
    const std::string* supervised = view.endpoint->redis->info_value("process_supervised");
    if (supervised != nullptr && (*supervised == "systemd" || *supervised == "upstart"))
      return *supervised;
  }
  const std::string* supervised = view.value("supervised");
  if (supervised != nullptr && *supervised == "systemd") return "systemd";
  const ComposeService* service = service_of(view, evidence);
  if (service != nullptr && !service->log_driver.empty() && service->log_driver != "none")
    return "log driver " + service->log_driver;
  return {};
}

// True when a finding about a log that is switched off was added.
bool judge_silence(const ConfigurationView& view, const Policy& policy, const Evidence& evidence,
                   Findings& findings) {
  const std::string& level = *view.value("loglevel");
  const ComposeService* service = service_of(view, evidence);
  if (level == "nothing" || level == "warning") {
    say_audit(findings, policy, Status::fail, view.subject,
              fmt::format("loglevel {} hides connections and notices", level))
        .expected("loglevel notice or verbose")
        .observed("loglevel " + level)
        .remediation("loglevel verbose")
        .from(view.provenance("loglevel"));
  } else if (*view.value("logfile") == "/dev/null") {
    say_audit(findings, policy, Status::fail, view.subject, "the server log goes to /dev/null")
        .expected("a file, syslog or a supervisor")
        .observed("logfile /dev/null")
        .from(view.provenance("logfile"));
  } else if (service != nullptr && service->log_driver == "none" &&
             view.value("logfile")->empty() && !view.is_yes("syslog-enabled")) {
    say_audit(findings, policy, Status::fail, view.subject,
              "the container's log driver is none: the log is thrown away")
        .expected("a log driver that keeps the log")
        .observed("logging.driver none")
        .at(service->location);
  } else {
    return false;
  }
  return true;
}

void judge_log(const ConfigurationView& view, const Policy& policy, const Evidence& evidence,
               Findings& findings) {
  if (view.value("logfile") == nullptr || view.value("loglevel") == nullptr) {
    findings.unknown(view.subject, view.gap("logfile and loglevel"));
    return;
  }
  if (judge_silence(view, policy, evidence, findings)) return;
  const std::string& file = *view.value("logfile");
  const std::string supervisor = supervisor_of(view, evidence);
  if (!file.empty())
    findings.pass(view.subject, "the server log is written to " + file)
        .observed("logfile " + file)
        .from(view.provenance("logfile"));
  else if (view.is_yes("syslog-enabled"))
    findings.pass(view.subject, "the server log goes to syslog")
        .observed("syslog-enabled yes")
        .from(view.provenance("syslog-enabled"));
  else if (view.is_yes("daemonize"))
    say_audit(findings, policy, Status::fail, view.subject,
              "the server is daemonized without a logfile: its log is lost")
        .expected("logfile /var/log/redis/redis-server.log")
        .observed("logfile \"\", daemonize yes")
        .from(view.provenance("logfile"));
  else if (!supervisor.empty())
    findings
        .pass(view.subject,
              "the server log goes to standard output, which is kept by " + supervisor)
        .observed("logfile \"\"")
        .from(view.provenance("logfile"));
  else
    say_audit(findings, policy, Status::warn, view.subject,
              "the server log goes to standard output, and nothing was seen that keeps it")
        .expected("a logfile, syslog or a supervisor")
        .observed("logfile \"\"")
        .from(view.provenance("logfile"));
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  for (const ConfigurationView& view : configurations(evidence))
    judge_log(view, policy, evidence, findings);
  if (findings.empty()) say_no_configuration(evidence, findings);
}

}  // namespace

extern const Check audit_trail_durable_log;
constexpr Check audit_trail_durable_log{
    .info = {.code = "RTA-AUD-001",
             .title = "The server log has a durable destination",
             .core = {12},
             .supports = {},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown},
             .needs = {Need::redis_server, Need::project_files},
             .controls = kControls,
             .remediation = "logfile /var/log/redis/redis-server.log\nsyslog-enabled yes"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
