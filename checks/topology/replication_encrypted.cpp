#include <redis_tls_audit/check.h>

#include "checks/common/settings.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.1"sv, "hipaa.312.e.2.ii"sv, "nist.SC-8.1"sv,
                               "sp800-52r2.3.1"sv, "pci.4.2.1"sv};
constexpr std::string_view kExpected = "replicas on the TLS port, tls-replication yes";

void judge_primary(const Endpoint& endpoint, const RedisServer& server, Findings& findings) {
  const Subject subject = Subject::endpoint(endpoint.key);
  const Provenance from{
      "redis_server", endpoint.key, {}, "CLIENT LIST, ROLE", server_grade(endpoint)};
  const std::string* announced = server.info_value("connected_slaves");
  const std::string* tls_port = server.config_value("tls-port");
  if (server.replicas.empty()) {
    if (announced != nullptr && *announced == "0")
      findings.not_applicable(subject, "the server reported that no replica is connected")
          .from(from);
    else
      findings.unknown(subject, "replicas may be connected, but their links were not told",
                       GapReason::incomplete);
    return;
  }
  if (tls_port == nullptr) {
    findings.unknown(subject, "the server has replicas and did not tell its tls-port",
                     GapReason::denied);
    return;
  }
  bool all_on_tls = true;
  for (const ReplicaLink& replica : server.replicas) {
    if (*tls_port != "0" && std::to_string(replica.local_port) == *tls_port) continue;
    all_on_tls = false;
    if (replica.local_port == 0)
      findings.unknown(
          subject,
          "this server does not tell on which listener a replica is (laddr, since Redis 6.2)",
          GapReason::unsupported);
    else
      findings
          .fail(subject, fmt::format("the replica {} copies the data set in plaintext, on port {}",
                                     replica.address, replica.local_port))
          .expected(std::string{kExpected})
          .observed(fmt::format("laddr port {}", replica.local_port))
          .variant(replica.address)
          .from(from);
  }
  if (all_on_tls)
    findings
        .pass(subject, server.replicas.size() == 1
                           ? std::string{"the replica is on the TLS port"}
                           : fmt::format("all {} replicas are on the TLS port",
                                         server.replicas.size()))
        .expected(std::string{kExpected})
        .from(from);
}

void judge_replica(const ConfigurationView& view, const std::string& master, Findings& findings) {
  const std::string* replication = view.value("tls-replication");
  if (replication == nullptr)
    findings.unknown(view.subject, view.gap("tls-replication"));
  else if (*replication == "yes")
    findings.pass(view.subject, fmt::format("the link to the primary {} uses TLS", master))
        .expected(std::string{kExpected})
        .observed("tls-replication yes")
        .from(view.provenance("tls-replication"));
  else
    findings
        .fail(view.subject,
              fmt::format("the link to the primary {} is plaintext: tls-replication {}", master,
                          *replication))
        .expected(std::string{kExpected})
        .observed("tls-replication " + *replication)
        .from(view.provenance("tls-replication"));
}

void judge_declared(const ConfigurationView& view, Findings& findings) {
  if (view.declared->refused) {
    findings.unknown(view.subject, view.gap("replication"));
    return;
  }
  for (const Directive& directive : view.declared->directives) {
    if ((directive.name != "replicaof" && directive.name != "slaveof") ||
        directive.arguments.empty() || directive.arguments.front() == "no")
      continue;
    judge_replica(view, directive.arguments.front(), findings);
    return;
  }
  findings.not_applicable(view.subject, "the configuration names no primary to replicate")
      .grade(Grade::declared);
}

void judge_live(const ConfigurationView& view, Findings& findings) {
  const RedisServer* server = view.endpoint->redis.value();
  if (server == nullptr) {
    findings.unknown(view.subject, *view.endpoint->redis.gap());
    return;
  }
  const std::string* told = server->info_value("role");
  const std::string role = !server->role.empty() ? server->role : told == nullptr ? "" : *told;
  if (role == "slave") judge_replica(view, server->master_host, findings);
  if (role == "slave" && server->replicas.empty()) return;  // chained replicas are judged too
  if (role == "master" || role == "slave")
    judge_primary(*view.endpoint, *server, findings);
  else if (role == "sentinel")
    findings.not_applicable(view.subject, "a sentinel replicates nothing");
  else
    findings.unknown(view.subject, untold(*server, "whether it is a primary or a replica",
                                          "ACL SETUSER auditor +role +info"));
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  for (const ConfigurationView& view : configurations(evidence))
    view.declared != nullptr ? judge_declared(view, findings) : judge_live(view, findings);
  if (findings.empty()) say_no_configuration(evidence, findings);
}

}  // namespace

extern const Check topology_replication_encrypted;
constexpr Check topology_replication_encrypted{
    .info = {.code = "RTA-TOPO-001",
             .title = "Replication traffic is encrypted",
             .core = {1},
             .supports = {},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::fail, Status::unknown, Status::not_applicable},
             .needs = {Need::redis_server, Need::project_files, Need::topology},
             .controls = kControls,
             .remediation = "tls-replication yes"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
