#include <redis_tls_audit/check.h>

#include "checks/common/settings.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.308.a.5.ii.C"sv, "nist.AC-7"sv, "nist.AU-6"sv,
                               "nist.SI-4"sv,          "pci.8.3.4"sv, "pci.10.2.1.4"sv,
                               "pci.10.4.1"sv};
constexpr std::uint64_t kHour = 60 * 60;
constexpr std::uint64_t kNormal = 10;  // failures in the last hour

// Totals since the server started, where INFO has them.
std::string totals(const RedisServer& server) {
  std::string text;
  for (const char* field :
       {"acl_access_denied_auth", "acl_access_denied_tls_cert", "errorstat_WRONGPASS"})
    if (const std::string* value = server.info_value(field))
      text += fmt::format("{}{}:{}", text.empty() ? "" : ", ", field, *value);
  return text;
}

void judge_server(const Endpoint& endpoint, const RedisServer& server, Findings& findings) {
  const Subject subject = Subject::endpoint(endpoint.key);
  if (const Gap* gap = server.acl_log.gap()) {
    findings.unknown(subject, *gap);
    return;
  }
  if (server.acl_log_truncated) {
    findings.unknown(subject, "ACL LOG is too long to be judged whole", GapReason::too_large);
    return;
  }
  std::uint64_t recent = 0;
  for (const AclLogEntry& entry : *server.acl_log)
    if ((entry.reason == "auth" || entry.reason == "tls-cert") && entry.age_seconds <= kHour)
      recent += entry.count;
  const Provenance from{"redis_server", endpoint.key, {}, "ACL LOG", server_grade(endpoint)};
  if (recent > kNormal)
    findings.warn(subject, fmt::format("{} logins failed within the last hour", recent))
        .expected(fmt::format("{} or fewer an hour", kNormal))
        .observed(totals(server))
        .from(from);
  else
    findings.pass(subject, fmt::format("{} logins failed within the last hour", recent))
        .observed(totals(server))
        .from(from);
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
    findings.unknown(Subject::deployment(), "no live server was asked for failed logins",
                     GapReason::not_requested);
}

}  // namespace

extern const Check access_failures_in_norm;
constexpr Check access_failures_in_norm{
    .info = {.code = "RTA-AUTH-008",
             .title = "Failed logins are within the norm",
             .core = {},
             .supports = {11},
             .severity = Severity::low,
             .statuses = {Status::pass, Status::warn, Status::unknown},
             .needs = {Need::redis_server},
             .controls = kControls,
             .remediation =
                 "find the client by ACL LOG (client-info), then limit the rate at the network"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
