#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include "base/text.h"
#include "checks/common/certificates.h"
#include "checks/common/settings.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.1"sv, "nist.SC-17"sv, "sp800-52r2.3.2.1"sv,
                               "pci.4.2.1"sv, "RFC 8446 4.4.2"sv};

enum class Top { anchored, intermediate_missing, not_known };

// Who issued the last certificate on the way that was sent?
Top top_of(const ServedChain& chain, const x509::ChainShape& shape, const Evidence& evidence) {
  if (shape.complete) return Top::anchored;
  std::vector<Bytes> known = authority_certificates(evidence);
  known.insert(known.end(), evidence.public_store.begin(), evidence.public_store.end());
  for (const Bytes& sent : chain.certificates) {
    const Result<x509::Certificate> child = x509::parse_certificate(sent);
    if (!child || child->issuer != shape.missing_issuer) continue;
    for (const Bytes& candidate : known) {
      const Result<x509::Certificate> issuer = x509::parse_certificate(candidate);
      if (issuer && issuer->subject == child->issuer && x509::was_issued_by(sent, candidate))
        return Top::anchored;
    }
  }
  return known.empty() ? Top::not_known : Top::intermediate_missing;
}

std::vector<std::string> disorder(const x509::ChainShape& shape) {
  std::vector<std::string> found;
  if (shape.unordered)
    found.emplace_back("an issuer does not directly follow the certificate that it signed");
  if (shape.duplicates) found.emplace_back("a certificate is sent twice");
  if (shape.unrelated > 0)
    found.push_back(
        shape.unrelated == 1
            ? std::string{"one certificate does not belong to the chain"}
            : fmt::format("{} certificates do not belong to the chain", shape.unrelated));
  return found;
}

void judge_chain(const Endpoint& endpoint, const ServedChain& chain, const Evidence& evidence,
                 Findings& findings) {
  const Subject subject = Subject::endpoint(endpoint.key);
  const x509::ChainShape shape = x509::shape_of(chain.certificates);
  const Top top = top_of(chain, shape, evidence);
  const std::vector<std::string> wrong = disorder(shape);
  const std::string seen = counted(chain.certificates.size(), "certificate");
  const auto say = [&](Status status, const std::string& message) {
    return findings.add(status, subject, message)
        .from(endpoint.chain)
        .grade(wire_grade(endpoint))
        .observed(seen);
  };
  if (top == Top::intermediate_missing)
    say(Status::fail,
        fmt::format("{} does not send the certificate of {}, which no CA file holds either",
                    endpoint.key, shape.missing_issuer))
        .expected("leaf and every intermediate, in order");
  else if (!wrong.empty())
    say(Status::warn, fmt::format("the chain of {}: {}", endpoint.key, join(wrong, "; ")))
        .expected("leaf and every intermediate, in order");
  else if (top == Top::not_known)
    findings.unknown(subject, Gap{GapReason::incomplete,
                                  fmt::format("whether an intermediate is missing cannot be told: "
                                              "the issuer {} is not known here",
                                              shape.missing_issuer),
                                  "give --anchor with the CA's certificate"});
  else
    say(Status::pass,
        fmt::format("{} sends a complete and ordered chain ({})", endpoint.key, seen));
  if (shape.root_included)
    findings
        .info(subject, fmt::format("{} sends the root too, which clients ignore; Redis adds "
                                   "tls-ca-cert-file by itself",
                                   endpoint.key))
        .remediation("nothing has to be done; where no client certificates are asked for and no "
                     "replica or cluster uses TLS, redis.conf does without tls-ca-cert-file")
        .variant("root")
        .from(endpoint.chain)
        .grade(wire_grade(endpoint));
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  for (const Endpoint& endpoint : evidence.endpoints)
    if (const ServedChain* chain = real_chain(endpoint))
      judge_chain(endpoint, *chain, evidence, findings);
  say_chain_gaps(evidence, findings);
  if (findings.empty())
    findings.unknown(Subject::deployment(), "no server's chain was looked at",
                     GapReason::not_requested);
}

}  // namespace

extern const Check served_chain_complete_and_ordered;
constexpr Check served_chain_complete_and_ordered{
    .info = {.code = "RTA-CHAIN-004",
             .title = "The served chain is complete, ordered and minimal",
             .core = {},
             .supports = {3},
             .severity = Severity::low,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown},
             .needs = {Need::project_files, Need::served_chain},
             .controls = kControls,
             .remediation =
                 "cat server.pem intermediate.pem > chain.pem\ntls-cert-file chain.pem"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
