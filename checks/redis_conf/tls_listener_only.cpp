#include <redis_tls_audit/check.h>

#include "checks/common/settings.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.1"sv, "hipaa.312.e.2.ii"sv, "nist.SC-8.1"sv,
                               "nist.CM-7"sv,     "sp800-52r2.3.1"sv,  "pci.4.2.1"sv,
                               "pci.2.2.4"sv,     "pci.2.2.7"sv};

bool is_zero(const std::string* value) { return value != nullptr && *value == "0"; }

// A sentinel tells one port in INFO: `port`, or tls-port where that is 0. The
// one that was dialled and speaks TLS is then the only one there is.
void judge_sentinel(const ConfigurationView& view, const RedisServer& server, Findings& findings) {
  const std::string* told = server.info_value("tcp_port");
  const PortAnswer* answer = view.endpoint->port_answer.value();
  const Provenance from{"redis_server", view.endpoint->key, {}, "INFO tcp_port", server_grade(*view.endpoint)};
  const bool is_this_one = told != nullptr && *told == std::to_string(view.endpoint->port);
  if (is_this_one && answer != nullptr && answer->speech == PortSpeech::tls)
    findings.pass(view.subject, fmt::format("this sentinel listens with TLS on port {}, and on no other port", *told))
        .expected("tls-port > 0 and port = 0").observed("tcp_port " + *told).from(from);
  else
    findings.unknown(view.subject, view.gap("port and tls-port"));
}

void judge_listeners(const ConfigurationView& view, const Policy& policy, Findings& findings) {
  const std::string* tls_port = view.value("tls-port");
  const std::string* port = view.value("port");
  const RedisServer* server = view.endpoint == nullptr ? nullptr : view.endpoint->redis.value();
  if (server != nullptr && is_sentinel(*server)) return judge_sentinel(view, *server, findings);
  if (say_withheld(view, "RTA-PLAIN-001 to 003 judge its listeners on the wire", findings)) return;
  if (view.lacks("tls-port")) {
    findings.fail(view.subject, "this redis-server was built without TLS: it knows no tls-port")
        .expected("tls-port > 0 and port = 0").observed("tls-port is not a parameter")
        .from(view.provenance("tls-port"));
    return;
  }
  if (tls_port == nullptr || port == nullptr) {
    findings.unknown(view.subject, view.gap("port and tls-port"));
    return;
  }
  const std::string seen = fmt::format("tls-port {}, port {}", *tls_port, *port);
  if (is_zero(tls_port)) {
    findings.fail(view.subject, "no TLS listener is configured: tls-port is 0")
        .expected("tls-port > 0 and port = 0").observed(seen).from(view.provenance("tls-port"));
  } else if (is_zero(port)) {
    findings.pass(view.subject, fmt::format("TLS on port {}, plaintext listener closed", *tls_port))
        .expected("tls-port > 0 and port = 0").observed(seen).from(view.provenance("tls-port"));
  } else if (view.binds_loopback_only()) {
    judge(findings, policy.listeners.plaintext_on_loopback_configured, view.subject,
          fmt::format("plaintext port {} is open on loopback beside TLS", *port))
        .expected("port = 0").observed(seen).remediation("port 0").from(view.provenance("port"));
  } else {
    findings.fail(view.subject, fmt::format("plaintext port {} is open beside TLS port {}", *port, *tls_port))
        .expected("tls-port > 0 and port = 0").observed(seen).remediation("port 0").from(view.provenance("port"));
  }
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  for (const ConfigurationView& view : configurations(evidence)) judge_listeners(view, policy, findings);
  if (findings.empty()) say_no_configuration(evidence, findings);
}

}  // namespace

extern const Check redis_conf_tls_listener_only;
constexpr Check redis_conf_tls_listener_only{
    .info = {.code = "RTA-CONF-001",
             .title = "The TLS listener is configured and the plaintext listener is closed",
             .core = {1},
             .supports = {},
             .severity = Severity::critical,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown,
                          Status::not_applicable},
             .needs = {Need::project_files, Need::redis_server},
             .controls = kControls,
             .remediation = "port 0\ntls-port 6379"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
