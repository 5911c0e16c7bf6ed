#include <redis_tls_audit/check.h>

#include "base/text.h"
#include "checks/common/settings.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.a.2.i"sv, "hipaa.312.b"sv, "nist.AU-3"sv,
                               "nist.SI-4.4"sv,     "pci.10.2.2"sv,  "pci.8.2.1"sv};

void judge_server(const Endpoint& endpoint, const RedisServer& server, Findings& findings) {
  const Subject subject = Subject::endpoint(endpoint.key);
  const Provenance from{"redis_server", endpoint.key, {}, "CLIENT LIST", server_grade(endpoint)};
  if (const Gap* gap = server.clients.gap()) {
    findings.unknown(subject, *gap);
    return;
  }
  if (server.clients->empty()) {
    findings.not_applicable(subject, "no other client was connected during the scan").from(from);
    return;
  }
  std::size_t as_default = 0;
  std::size_t nameless = 0;
  for (const ClientEntry& client : *server.clients) {
    if (client.flags.find_first_of("SM") != std::string::npos) continue;
    if (client.user == "default") ++as_default;
    if (client.name.empty() && client.library.empty()) ++nameless;
  }
  if (as_default > 0)
    findings
        .warn(subject, fmt::format("{} connected as default: the record does not say who",
                                   counted(as_default, "client")))
        .expected("a user for each application")
        .observed(counted(as_default, "client"))
        .variant("default")
        .from(from);
  if (nameless > 0)
    findings
        .warn(subject, fmt::format("{} without a name and a library", counted(nameless, "client")))
        .expected("CLIENT SETNAME")
        .observed(counted(nameless, "client"))
        .variant("nameless")
        .from(from);
  if (as_default == 0 && nameless == 0 && server.clients_truncated)
    findings.unknown(subject, "the list of clients is too long to be judged whole",
                     GapReason::too_large);
  else if (as_default == 0 && nameless == 0)
    findings.pass(subject, "every client has a user of its own and a name").from(from);
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  for (const Endpoint& endpoint : evidence.endpoints) {
    if (endpoint.kind == EndpointKind::rehearsal) continue;
    if (const RedisServer* server = endpoint.redis.value())
      judge_server(endpoint, *server, findings);
    else
      findings.unknown(Subject::endpoint(endpoint.key), *endpoint.redis.gap());
  }
  if (findings.empty())
    findings.unknown(Subject::deployment(), "no live server was asked for its clients",
                     GapReason::not_requested);
}

}  // namespace

extern const Check connections_clients_identifiable;
constexpr Check connections_clients_identifiable{
    .info = {.code = "RTA-CONN-002",
             .title = "Clients are identifiable",
             .core = {},
             .supports = {11},
             .severity = Severity::low,
             .statuses = {Status::pass, Status::warn, Status::unknown, Status::not_applicable},
             .needs = {Need::redis_server},
             .controls = kControls,
             .remediation = "CLIENT SETNAME worker, and a user for each application"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
