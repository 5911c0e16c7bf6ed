#include <redis_tls_audit/check.h>

#include "checks/common/access.h"
#include "checks/common/settings.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.d"sv, "hipaa.312.e.1"sv, "nist.SC-8.1"sv,
                               "nist.IA-9"sv,   "pci.4.2.1"sv,     "pci.8.3.1"sv};

void judge_sentinel(const Endpoint& endpoint, const RedisServer& server, Findings& findings) {
  const Subject subject = Subject::endpoint(endpoint.key);
  const Provenance from{"redis_server", endpoint.key, {}, "PING", wire_grade(endpoint)};
  const PortAnswer* port = endpoint.port_answer.value();
  const bool in_plaintext = port != nullptr && (port->speech == PortSpeech::plaintext_redis ||
                                                port->speech == PortSpeech::both);
  constexpr std::string_view kExpected = "TLS only, and a login";
  if (in_plaintext)
    findings
        .fail(subject,
              "this sentinel speaks plaintext: who listens learns the primary, who writes may move "
              "it")
        .expected(std::string{kExpected})
        .observed("plaintext")
        .from(from);
  else if (answers_nobody(server))
    findings
        .fail(subject, "this sentinel obeys clients without a login: anyone may start a failover")
        .expected(std::string{kExpected})
        .observed("+PONG")
        .from(from);
  else if (port == nullptr || port->speech != PortSpeech::tls)
    findings.unknown(subject, "what the sentinel's port speaks was not seen",
                     GapReason::incomplete);
  else if (server.unauthenticated_ping.outcome == CommandOutcome::noauth ||
           server.client_certificate_demanded)
    findings.pass(subject, "this sentinel speaks TLS only and asks for a login")
        .expected(std::string{kExpected})
        .from(from);
  else
    findings.unknown(subject, "whether the sentinel asks for a login was not seen",
                     GapReason::incomplete);
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  for (const Endpoint& endpoint : evidence.endpoints) {
    const RedisServer* server = endpoint.redis.value();
    if (server == nullptr)
      findings.unknown(Subject::endpoint(endpoint.key), *endpoint.redis.gap());
    else if (is_sentinel(*server))
      judge_sentinel(endpoint, *server, findings);
    else if (server->info_value("redis_mode") != nullptr || !server->role.empty())
      findings.not_applicable(Subject::endpoint(endpoint.key),
                              "the server reported that it is no sentinel");
    else
      findings.unknown(Subject::endpoint(endpoint.key),
                       untold(*server, "whether it is a sentinel", "ACL SETUSER auditor +info"));
  }
  if (findings.empty())
    findings.unknown(Subject::deployment(), "no live server was asked whether it is a sentinel",
                     GapReason::not_requested);
}

}  // namespace

extern const Check topology_sentinels_protected;
constexpr Check topology_sentinels_protected{
    .info = {.code = "RTA-TOPO-005",
             .title = "Sentinels speak TLS only and ask for a login",
             .core = {},
             .supports = {1},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::fail, Status::unknown, Status::not_applicable},
             .needs = {Need::redis_server, Need::port, Need::topology},
             .controls = kControls,
             .remediation =
                 "port 0\ntls-port 26379\ntls-replication yes\nrequirepass <from ACL GENPASS>"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
