#include <redis_tls_audit/check.h>

#include "checks/common/settings.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.1"sv, "hipaa.312.d"sv, "nist.SC-8.1"sv, "nist.SC-7"sv,
                               "nist.IA-9"sv,     "pci.4.2.1"sv,   "pci.1.3.1"sv};
constexpr std::string_view kExpected = "tls-cluster yes";

void judge_bus(const ConfigurationView& view, Findings& findings) {
  const std::string* encrypted = view.value("tls-cluster");
  const RedisServer* server = view.endpoint == nullptr ? nullptr : view.endpoint->redis.value();
  const std::string* bus = server == nullptr ? nullptr : server->cluster_bus.value();
  const std::string* guarded = view.value("cluster-bus-port-protected-mode");
  if (encrypted == nullptr) {
    findings.unknown(view.subject, view.gap("tls-cluster"));
  } else if (*encrypted != "yes") {
    findings
        .fail(view.subject,
              "the cluster bus is plaintext and unauthenticated: tls-cluster " + *encrypted)
        .expected(std::string{kExpected})
        .observed("tls-cluster " + *encrypted)
        .from(view.provenance("tls-cluster"));
  } else if (bus != nullptr && *bus != "TLS") {
    findings
        .fail(view.subject,
              "tls-cluster is yes, but the bus port answered a ClientHello with: " + *bus)
        .expected("a TLS handshake on the bus port")
        .observed(*bus)
        .from({"topology",
               view.endpoint->key,
               {},
               "ClientHello to the bus port",
               wire_grade(*view.endpoint)});
  } else if (guarded != nullptr && *guarded == "no") {
    findings
        .warn(view.subject, "the cluster bus uses TLS, but cluster-bus-port-protected-mode is no")
        .expected("cluster-bus-port-protected-mode yes")
        .observed("no")
        .remediation("cluster-bus-port-protected-mode yes")
        .from(view.provenance("cluster-bus-port-protected-mode"));
  } else {
    findings
        .pass(view.subject,
              bus == nullptr
                  ? "the cluster bus is configured for TLS; its port was not reached from here"
                  : "the cluster bus answers with TLS")
        .expected(std::string{kExpected})
        .observed("tls-cluster yes")
        .from(view.provenance("tls-cluster"));
  }
}

void judge_view(const ConfigurationView& view, Findings& findings) {
  if (view.declared != nullptr) {
    if (view.declared->refused)
      findings.unknown(view.subject, view.gap("cluster-enabled"));
    else if (view.is_yes("cluster-enabled"))
      judge_bus(view, findings);
    else
      findings.not_applicable(view.subject, "the configuration enables no cluster")
          .grade(Grade::declared);
    return;
  }
  const RedisServer* server = view.endpoint->redis.value();
  if (server == nullptr) {
    findings.unknown(view.subject, *view.endpoint->redis.gap());
    return;
  }
  const std::string* enabled = server->info_value("cluster_enabled");
  if (enabled != nullptr && *enabled == "1")
    judge_bus(view, findings);
  else if (is_sentinel(*server))
    findings.not_applicable(view.subject, "a sentinel is not part of a cluster");
  else if (enabled != nullptr && *enabled == "0")
    findings.not_applicable(view.subject, "the server reported that it is not part of a cluster")
        .from({"redis_server",
               view.endpoint->key,
               {},
               "INFO cluster_enabled",
               server_grade(*view.endpoint)});
  else
    findings.unknown(view.subject, untold(*view.endpoint->redis, "whether it is part of a cluster",
                                          "ACL SETUSER auditor +info"));
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  for (const ConfigurationView& view : configurations(evidence)) judge_view(view, findings);
  if (findings.empty()) say_no_configuration(evidence, findings);
}

}  // namespace

extern const Check topology_cluster_bus_encrypted;
constexpr Check topology_cluster_bus_encrypted{
    .info = {.code = "RTA-TOPO-002",
             .title = "The cluster bus is encrypted and authenticated",
             .core = {1},
             .supports = {},
             .severity = Severity::critical,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown,
                          Status::not_applicable},
             .needs = {Need::redis_server, Need::project_files, Need::topology},
             .controls = kControls,
             .remediation = "tls-cluster yes"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
