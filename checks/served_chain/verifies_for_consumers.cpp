#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include "base/text.h"
#include "checks/common/certificates.h"
#include "checks/common/checkout.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.d"sv, "hipaa.312.e.1"sv,  "nist.IA-5.2"sv,
                               "nist.SC-23"sv,  "sp800-52r2.4.5"sv, "pci.4.2.1"sv};

// What a client is told to trust; empty reason when it can be judged.
struct Trust {
  std::vector<Bytes> anchors;
  std::string store;       // "certs/ca.pem", "the system's store"
  std::string not_judged;  // why nothing can be said here
  bool is_operators = false;  // the anchors of the audit, not those of a consumer
};

Trust trust_of(const Evidence& evidence, const Consumer& consumer) {
  if (!consumer.ca) return {evidence.public_store, "the system's store (no CA is configured)", {}, false};
  const std::string path =
      printable(consumer.ca->path.empty() ? consumer.ca->declared : consumer.ca->path, 200);
  if (!consumer.ca_certificates.empty()) return {consumer.ca_certificates, path, {}, false};
  if (consumer.ca->placeholder) return {{}, path, path + " is a placeholder", false};
  if (const Gap* gap = consumer.ca->file.gap()) return {{}, path, gap->detail, false};
  return {{}, path, path + " holds no certificate", false};
}

// Another CA file heals neither dates nor keys: what is wrong decides.
std::string remedy_for(x509::ChainRequest request, const x509::ChainResult& result,
                       const Trust& trust) {
  request.partial_chain = true;
  request.check_time = false;
  if (x509::verify_chain(request).accepted)
    return result.text.find("not yet") != std::string::npos
               ? "compare the clocks of issuer and server, or wait"
           : result.depth == 0
               ? "renew the certificate, then: CONFIG SET tls-cert-file <path> tls-key-file <path>"
               : "renew the authority's certificate, and what it issued";
  request.check_time = true;
  request.security_level = 0;
  if (x509::verify_chain(request).accepted)
    return "issue it again with a key and a signature as RTA-CERT-003 and RTA-CERT-004 ask";
  if (result.text.find("purpose") != std::string::npos)
    return "issue it again with basicConstraints=critical,CA:FALSE and extendedKeyUsage=serverAuth";
  if (trust.is_operators)
    return "list the issuing CA with --anchor; send intermediates that are missing: RTA-CHAIN-004";
  return {};
}

void judge_chain(const Subject& subject, const std::string& who, const ServedTo& served,
                 const Trust& trust, Timestamp now, Findings& findings) {
  x509::ChainRequest request{.served = served.certificates, .anchors = trust.anchors, .at = now};
  const x509::ChainResult result = x509::verify_chain(request);
  if (result.accepted) {
    findings
        .pass(subject,
              fmt::format("{} verifies the chain of {} with {}", who, served.label, trust.store))
        .from(served.source);
    return;
  }
  request.partial_chain = true;
  if (x509::verify_chain(request).accepted) {
    findings
        .warn(subject, fmt::format("{} verifies the chain of {} only if its library accepts an "
                                   "intermediate as anchor; no root is in {}",
                                   who, served.label, trust.store))
        .from(served.source)
        .observed(result.text)
        .expected("the root in the CA file");
    return;
  }
  auto entry = findings.fail(subject, fmt::format("{} cannot verify the chain of {} with {}: {} (depth {})",
                                                  who, served.label, trust.store, result.text, result.depth));
  entry.from(served.source).observed(result.text).expected("a chain that ends in the CA file");
  if (const std::string remedy = remedy_for(request, result, trust); !remedy.empty())
    entry.remediation(remedy);
}

void judge_consumer(const Consumer& consumer, const Evidence& evidence, Findings& findings) {
  if (consumer.ca && is_left_out(evidence, *consumer.ca)) {
    findings.unknown(consumer.subject(), left_out(*consumer.ca));
    return;
  }
  const Trust trust = trust_of(evidence, consumer);
  if (!trust.not_judged.empty()) {
    findings.not_applicable(consumer.subject(),
                            fmt::format("{} has no CA to verify with: {}; RTA-ENV-003 judges that",
                                        consumer.key, trust.not_judged));
    return;
  }
  const Observation<ServedTo> served = served_to(evidence, consumer);
  if (served.gap() != nullptr) {
    Gap gap = *served.gap();
    gap.detail = fmt::format("what {} is served was not seen: {}", consumer.key, gap.detail);
    findings.unknown(consumer.subject(), gap);
    return;
  }
  judge_chain(consumer.subject(), consumer.key, *served, trust, evidence.as_of, findings);
}

// Without a consumer the anchors of the operator speak for all clients.
void judge_endpoint(const Endpoint& endpoint, const Evidence& evidence, Findings& findings) {
  const ServedChain* chain = real_chain(endpoint);
  if (chain == nullptr) return;
  Trust trust{evidence.trusted_anchors, "the anchors of this audit", {}, true};
  for (const Bytes& der : all_certificates(evidence)) {
    const Result<x509::Certificate> read = x509::parse_certificate(der);
    if (read && std::ranges::find(evidence.trusted_anchor_sha256, read->sha256) !=
                    evidence.trusted_anchor_sha256.end())
      trust.anchors.push_back(der);
  }
  if (evidence.trust_public_store || !evidence.anchors_given)
    trust.anchors.insert(trust.anchors.end(), evidence.public_store.begin(),
                         evidence.public_store.end());
  const Subject subject = Subject::endpoint(endpoint.key);
  if (trust.anchors.empty()) {
    findings.unknown(subject, Gap{GapReason::not_requested,
                                  fmt::format("no application and no anchor is known with which "
                                              "the chain of {} could be verified",
                                              endpoint.key),
                                  "give --anchor with your CA, or audit the project too"});
    return;
  }
  Provenance source = endpoint.chain.provenance();
  judge_chain(subject, "a client", {chain->certificates, source, endpoint.key}, trust,
              evidence.as_of, findings);
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  const std::vector<const Consumer*> consumers = tls_consumers(evidence);
  for (const Consumer* consumer : consumers) judge_consumer(*consumer, evidence, findings);
  if (consumers.empty()) {
    say_chain_gaps(evidence, findings);
    for (const Endpoint& endpoint : evidence.endpoints)
      judge_endpoint(endpoint, evidence, findings);
  }
  if (findings.empty()) say_no_certificate(evidence, findings);
}

}  // namespace

extern const Check served_chain_verifies_for_consumers;
constexpr Check served_chain_verifies_for_consumers{
    .info =
        {.code = "RTA-CHAIN-001",
         .title = "The served chain verifies with the CA that each application uses",
         .core = {3, 7},
         .supports = {},
         .severity = Severity::critical,
         .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown,
                      Status::not_applicable},
         .needs = {Need::project_files, Need::served_chain},
         .controls = kControls,
         .remediation =
             "point REDIS_TLS_CA_PATH or REDIS_TLS_CA_CERT to the certificate of the issuing CA"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
