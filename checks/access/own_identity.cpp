#include <redis_tls_audit/check.h>

#include "base/text.h"
#include "checks/common/access.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.a.2.i"sv, "hipaa.312.b"sv, "nist.IA-9"sv, "nist.AC-2"sv,
                               "nist.AU-3"sv,       "pci.8.2.1"sv,   "pci.8.2.2"sv, "pci.7.2.5"sv};

// The names of other applications that log in as the same user.
std::vector<std::string> sharers(const Evidence& evidence, const Consumer& consumer) {
  std::vector<std::string> names;
  for (const Consumer& other : evidence.consumers)
    if (other.name != consumer.name && !other.template_file &&
        user_of(other) == user_of(consumer) && std::ranges::count(names, other.name) == 0)
      names.push_back(other.name);
  return names;
}

void judge_consumer(const Evidence& evidence, const Consumer& consumer, const Policy& policy,
                    Findings& findings) {
  const std::string user = user_of(consumer);
  const std::vector<std::string> others = sharers(evidence, consumer);
  const SourceLocation where =
      consumer.username ? consumer.username->location : SourceLocation{consumer.source, 0, 0};
  if (user != "default" && others.empty())
    findings
        .pass(consumer.subject(),
              fmt::format("{} logs in as {}, a user of its own", consumer.name, user))
        .observed(user)
        .at(where)
        .grade(Grade::declared);
  else if (!others.empty())
    judge(findings, policy.access.shared_users, consumer.subject(),
          fmt::format("{} logs in as {}, like {}", consumer.name, user, join(others, ", ")))
        .expected("a user for each application")
        .observed(user)
        .at(where)
        .grade(Grade::declared);
  else
    judge(findings, policy.access.shared_users, consumer.subject(),
          fmt::format("{} logs in as default, the user that everyone is", consumer.name))
        .expected("a user for each application")
        .observed(user)
        .at(where)
        .grade(Grade::declared);
}

// Without consumers: who is connected.
void judge_clients(const Endpoint& endpoint, const RedisServer& server, const Policy& policy,
                   Findings& findings) {
  const Subject subject = Subject::endpoint(endpoint.key);
  const Provenance from{"redis_server", endpoint.key, {}, "CLIENT LIST", server_grade(endpoint)};
  if (const Gap* gap = server.clients.gap()) {
    findings.unknown(subject, *gap);
    return;
  }
  const auto shared = std::ranges::count(*server.clients, "default", &ClientEntry::user);
  if (shared > 0)
    judge(findings, policy.access.shared_users, subject,
          "clients are connected as default, the user that everyone is")
        .expected("a user for each application")
        .observed(counted(static_cast<std::size_t>(shared), "client"))
        .from(from);
  else if (server.clients->empty())
    findings.unknown(subject, "no application is known and none is connected",
                     GapReason::not_found);
  else
    findings.pass(subject, "no client is connected as the default user").from(from);
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  for (const Consumer& consumer : evidence.consumers)
    if (!consumer.template_file) judge_consumer(evidence, consumer, policy, findings);
  if (!findings.empty()) return;
  for (const Endpoint& endpoint : evidence.endpoints) {
    if (const RedisServer* server = endpoint.redis.value())
      judge_clients(endpoint, *server, policy, findings);
    else
      findings.unknown(Subject::endpoint(endpoint.key), *endpoint.redis.gap());
  }
  if (findings.empty())
    findings.unknown(Subject::deployment(), "no application and no live server was seen",
                     GapReason::not_found);
}

}  // namespace

extern const Check access_own_identity;
constexpr Check access_own_identity{
    .info = {.code = "RTA-AUTH-004",
             .title = "Each application has an identity of its own",
             .core = {},
             .supports = {12},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown},
             .needs = {Need::project_files, Need::redis_server},
             .controls = kControls,
             .remediation =
                 "REDIS_USERNAME=backend in backend/.env, REDIS_USERNAME=worker in worker/.env"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
