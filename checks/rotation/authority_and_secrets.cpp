#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include "base/text.h"
#include "checks/common/access.h"
#include "checks/common/certificates.h"
#include "checks/common/consumers.h"

namespace rta::checks {
namespace {

using std::chrono::days;

constexpr std::array kControls{"hipaa.308.a.7"sv, "nist.SC-12"sv,  "nist.IA-5"sv,
                               "pci.3.7.4"sv,     "pci.8.3.9"sv,   "pci.8.6.3"sv};

std::int64_t days_left(const x509::Certificate& certificate, Timestamp as_of) {
  return std::chrono::floor<days>(certificate.not_after - as_of).count();
}

// The authorities of a consumer's bundle that outlive the margin.
bool has_next_authority(const Consumer& consumer, const std::string& current_spki,
                        const Evidence& evidence, const Policy& policy) {
  return std::ranges::any_of(consumer.ca_certificates, [&](const Bytes& der) {
    const Result<x509::Certificate> other = x509::parse_certificate(der);
    return other && other->spki_sha256 != current_spki &&
           days_left(*other, evidence.as_of) >= policy.rotation.ca_days_left;
  });
}

// Consumers of the endpoint that trust a bundle of their own without a second authority.
std::vector<std::string> unprepared(const Endpoint& endpoint, const x509::Certificate& authority,
                                    const Evidence& evidence, const Policy& policy) {
  std::vector<std::string> keys;
  for (const Consumer* consumer : tls_consumers(evidence))
    if (consumer->endpoint == endpoint.key && !consumer->ca_certificates.empty() &&
        !has_next_authority(*consumer, authority.spki_sha256, evidence, policy))
      keys.push_back(consumer->key);
  return keys;
}

void judge_authority(const Endpoint& endpoint, const ServedChain& chain, const Evidence& evidence,
                     const Policy& policy, Findings& findings) {
  const Subject subject = Subject::endpoint(endpoint.key);
  const Bytes& leaf = chain.certificates.front();
  const auto entry_for = [&](Findings::Entry entry) {
    entry.variant("authority").from(endpoint.chain);
    return entry;
  };
  if (ends_in_public_store(evidence, {leaf})) {
    entry_for(findings.pass(subject, "a public authority issued the certificate: the system's trust "
                                     "store follows its roll-over"));
    return;
  }
  const std::vector<x509::Certificate> way = way_up(evidence, leaf);
  if (way.size() < 2) {
    entry_for(way.empty() || !way.front().self_signed
                  ? findings.unknown(subject, "the authority that issued the certificate was not seen",
                                     GapReason::not_found)
                  : findings.not_applicable(subject, "the certificate is its own authority"));
    return;
  }
  const x509::Certificate& authority = way[1];
  const std::int64_t left = days_left(authority, evidence.as_of);
  const std::string seen =
      fmt::format("the issuing authority {} has {} days left", authority.subject, left);
  const std::vector<std::string> waiting = unprepared(endpoint, authority, evidence, policy);
  if (left >= policy.rotation.ca_days_left)
    entry_for(findings.pass(subject, seen));
  else if (waiting.empty() && std::ranges::any_of(tls_consumers(evidence), [&](const Consumer* c) {
             return c->endpoint == endpoint.key && !c->ca_certificates.empty();
           }))
    entry_for(findings.pass(subject, seen + ", and its clients trust the next one already"));
  else
    entry_for(findings.warn(
                  subject, seen + (waiting.empty()
                                       ? ", and no client's bundle with the next one was seen"
                                       : ", and no next one is in the bundle of " +
                                             join(waiting, ", "))))
        .expected(fmt::format("{} days left, or the next authority in every client's bundle",
                              policy.rotation.ca_days_left))
        .observed(to_date(authority.not_after))
        .remediation("append the new CA to the clients' CA file before the server's certificate "
                     "changes");
}

// Since when all scans on record saw two passwords of this user; now, if none did.
Timestamp two_passwords_since(const std::string& user, const Endpoint& endpoint,
                              const Evidence& evidence) {
  Timestamp since = evidence.as_of;
  const std::vector<EarlierScan>* scans = evidence.history.value();
  if (scans == nullptr) return since;
  for (auto scan = scans->rbegin(); scan != scans->rend(); ++scan) {
    if (scan->endpoint != endpoint.key || !scan->users_with_two_passwords) continue;
    if (std::ranges::count(*scan->users_with_two_passwords, user) == 0) break;
    since = scan->when;
  }
  return since;
}

void judge_passwords(const Endpoint& endpoint, const std::vector<AclUser>& users,
                     const Evidence& evidence, const Policy& policy, Findings& findings) {
  for (const AclUser& user : users) {
    if (!user.enabled || user.passwords < 2) continue;
    const Subject subject = Subject::user(endpoint.key + "#" + user.name);
    const std::int64_t age =
        std::chrono::floor<days>(evidence.as_of - two_passwords_since(user.name, endpoint, evidence))
            .count();
    const std::string expected = fmt::format("one password, two for at most {} days",
                                             policy.rotation.second_password_days);
    if (age > policy.rotation.second_password_days)
      findings
          .warn(subject, fmt::format("has had {} passwords for at least {} days: a rotation was begun "
                                     "and not finished",
                                     user.passwords, age))
          .expected(expected)
          .remediation("ACL SETUSER " + user.name + " '!<sha256 of the old password>'")
          .from(endpoint.redis);
    else if (evidence.history.has_value())
      findings
          .pass(subject, fmt::format("has {} passwords, as during a rotation; on record for {} days",
                                     user.passwords, age))
          .expected(expected)
          .from(endpoint.redis);
    else
      findings
          .unknown(subject, {GapReason::not_requested,
                             fmt::format("has {} passwords; for how long is not known without earlier "
                                         "scans",
                                         user.passwords),
                             "scan regularly with --history DIR"});
  }
}

bool passwords_are_used(const Evidence& evidence) {
  const bool by_consumers = std::ranges::any_of(
      evidence.consumers,
      [](const Consumer& consumer) { return !consumer.template_file && has_password(consumer); });
  const bool in_files = std::ranges::any_of(
      evidence.redis_configurations, [](const RedisConfiguration& configuration) {
        return configuration.password_set ||
               std::ranges::any_of(configuration.users, [](const ConfigurationUser& user) {
                 return user.enabled && user.passwords > 0;
               });
      });
  const bool on_servers = std::ranges::any_of(evidence.endpoints, [](const Endpoint& endpoint) {
    const RedisServer* server = endpoint.redis.value();
    if (server == nullptr || endpoint.kind != EndpointKind::live) return false;
    const std::vector<AclUser>* users = server->users.value();
    return server->unauthenticated_ping.outcome == CommandOutcome::noauth ||
           (users != nullptr && std::ranges::any_of(*users, [](const AclUser& user) {
              return user.enabled && user.passwords > 0;
            }));
  });
  return by_consumers || in_files || on_servers;
}

void judge_plan(const Evidence& evidence, Findings& findings) {
  const Subject subject = Subject::deployment();
  if (const Attestation* plan = evidence.attestation("secret-rotation"))
    findings
        .pass(subject, fmt::format("{} attests that passwords are rotated: {}", plan->by,
                                   plan->statement))
        .grade(Grade::attested)
        .at(plan->location);
  else if (passwords_are_used(evidence))
    findings.manual(subject, "passwords are in use; that they are rotated has to be attested")
        .expected("an attestation secret-rotation");
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  for (const Endpoint& endpoint : evidence.endpoints) {
    if (endpoint.kind != EndpointKind::live) continue;
    if (const ServedChain* chain = real_chain(endpoint))
      judge_authority(endpoint, *chain, evidence, policy, findings);
    const RedisServer* server = endpoint.redis.value();
    if (server == nullptr) continue;  // RTA-LIVE-001 says so
    if (const std::vector<AclUser>* users = server->users.value())
      judge_passwords(endpoint, *users, evidence, policy, findings);
  }
  say_chain_gaps(evidence, findings);
  judge_plan(evidence, findings);
  if (findings.empty())
    findings.unknown(Subject::deployment(), "no live endpoint and no password were seen",
                     GapReason::not_requested);
}

}  // namespace

extern const Check rotation_authority_and_secrets;
constexpr Check rotation_authority_and_secrets{
    .info = {.code = "RTA-ROT-005",
             .title = "The rotation of authorities and passwords is planned",
             .core = {},
             .supports = {10},
             .severity = Severity::low,
             .statuses = {Status::pass, Status::warn, Status::manual, Status::unknown,
                          Status::not_applicable},
             .needs = {Need::project_files, Need::served_chain, Need::redis_server, Need::history,
                       Need::attestations},
             .controls = kControls,
             .remediation = "[[attestation]]\nkind = \"secret-rotation\"\ntargets = [\"*\"]\n"
                            "statement = \"<Redis passwords are renewed every quarter>\"\nby = \"<name>\"\nrole = \"<role>\"\n"
                            "date = \"<YYYY-MM-DD>\"\nexpires = \"<YYYY-MM-DD>\""},
    .evaluate = evaluate,
};

}  // namespace rta::checks
