#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include <map>

#include "base/text.h"
#include "checks/common/certificates.h"
#include "checks/common/further_chains.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.1"sv,  "nist.SC-17"sv, "nist.CM-6"sv,
                               "sp800-52r2.3.2"sv, "pci.4.2.1"sv,  "pci.4.2.1.1"sv};

// One way on which a certificate was received.
struct Way {
  Subject subject;
  std::string name;    // "redis:6379", "backend@backend/.env"
  std::string target;  // the endpoint it leads to
  std::string host;
  x509::Certificate leaf;
  Provenance source;
};

std::vector<Way> ways(const Evidence& evidence) {
  std::vector<Way> all;
  const auto add = [&](Way way, const std::vector<Bytes>& certificates) {
    if (certificates.empty()) return;
    if (Result<x509::Certificate> leaf = x509::parse_certificate(certificates.front())) {
      way.leaf = std::move(*leaf);
      all.push_back(std::move(way));
    }
  };
  for (const Endpoint& endpoint : evidence.endpoints)
    if (const ServedChain* chain = real_chain(endpoint);
        chain && endpoint.kind == EndpointKind::live)
      add({Subject::endpoint(endpoint.key),
           endpoint.key,
           endpoint.key,
           endpoint.host,
           {},
           endpoint.chain.provenance()},
          chain->certificates);
  for (const Consumer& consumer : evidence.consumers)
    if (const ConsumerSession* session = consumer.session.value();
        session && !consumer.endpoint.empty())
      add({consumer.subject(),
           consumer.key,
           consumer.endpoint,
           consumer.host,
           {},
           consumer.session.provenance()},
          session->certificates);
  return all;
}

// Other names, signatures and addresses of one endpoint. Returns how many
// ways gave a certificate that nothing is to be said against.
std::size_t judge_further(const Evidence& evidence, const Endpoint& endpoint, Findings& findings) {
  std::size_t fine = 0;
  for (const FurtherChain& further : further_chains(evidence, endpoint)) {
    const auto say = [&](Status status, std::string message) {
      findings.add(status, Subject::endpoint(endpoint.key), std::move(message))
          .variant(std::string{name_of(further.chain->way)})
          .from(endpoint.chain.provenance())
          .expected("a certificate that clients accept on every way")
          .observed(fmt::format("SHA-256 {}", further.leaf.sha256));
    };
    if (!further.wrong.empty())
      say(Status::fail, fmt::format("{} serves another certificate {}: {}", endpoint.key,
                                    further.way, further.wrong));
    else if (!further.is_second_certificate)
      say(Status::warn,
          fmt::format("{} serves another certificate {}", endpoint.key, further.way));
    else
      ++fine;
  }
  if (const SessionFacts* sessions = endpoint.sessions.value())
    for (const NameAnswer& answer : sessions->names)
      if (answer.asked != NameAsked::usual && answer.same_certificate) ++fine;
  return fine;
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  const std::vector<Way> all = ways(evidence);
  if (all.empty()) return say_no_certificate(evidence, findings);
  std::size_t further = 0;
  for (const Endpoint& endpoint : evidence.endpoints)
    further += judge_further(evidence, endpoint, findings);
  std::map<std::string, const Way*> by_target, by_key;
  for (const Way& way : all) {
    const auto [first, is_new] = by_target.try_emplace(way.target, &way);
    const bool has_expired = way.leaf.not_after < evidence.as_of;
    if (!is_new && first->second->leaf.sha256 != way.leaf.sha256)
      findings
          .add(has_expired ? Status::fail : Status::warn, way.subject,
               fmt::format("{} receives another certificate from {} than {} does{}", way.name,
                           way.target, first->second->name,
                           has_expired ? ", and it has expired" : ""))
          .from(way.source)
          .expected("one certificate on every way")
          .observed(fmt::format("SHA-256 {}", way.leaf.sha256));
    const auto [holder, first_use] = by_key.try_emplace(way.leaf.spki_sha256, &way);
    if (!first_use && holder->second->host != way.host &&
        holder->second->leaf.sha256 != way.leaf.sha256)
      findings
          .warn(way.subject,
                fmt::format("{} and {} use the same private key in different certificates",
                            holder->second->name, way.name))
          .variant("key")
          .from(way.source)
          .expected("a key of its own for each host");
  }
  if (!findings.empty()) return;
  if (all.size() + further == 1)
    findings.not_applicable(all.front().subject,
                            fmt::format("{} was reached on one way only", all.front().name));
  else
    findings
        .pass(Subject::deployment(),
              by_target.size() == 1
                  ? fmt::format("{} gave the same certificate on each of {} ways",
                                all.front().target, all.size() + further)
                  : fmt::format("each of {} gave the same certificate on all of its ways ({} in all)",
                                counted(by_target.size(), "endpoint"), all.size() + further))
        .from(all.front().source);
}

}  // namespace

extern const Check served_chain_same_everywhere;
constexpr Check served_chain_same_everywhere{
    .info = {.code = "RTA-CHAIN-005",
             .title = "Every way to a server gives the same certificate",
             .core = {},
             .supports = {3},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown,
                          Status::not_applicable},
             .needs = {Need::served_chain, Need::consumer_sessions},
             .controls = kControls,
             .remediation = "roll the certificate out to every node, each with a key of its own"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
