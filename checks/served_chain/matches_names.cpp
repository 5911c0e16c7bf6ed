#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include "base/text.h"
#include "checks/common/certificates.h"
#include "x509/names.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.d"sv,    "nist.IA-5.2"sv, "nist.IA-9"sv,
                               "sp800-52r2.4.5"sv, "pci.4.2.1"sv,   "RFC 9525"sv};

void judge_name(const Subject& subject, const std::string& who, const std::string& host,
                const ServedTo& served, const Policy& policy, Findings& findings) {
  const std::string shown = printable(host, 100);
  const Result<x509::Certificate> leaf = x509::parse_certificate(served.certificates.front());
  if (!leaf) {
    findings
        .unknown(subject,
                 fmt::format("the certificate that {} serves cannot be read", served.label),
                 GapReason::malformed)
        .from(served.source);
    return;
  }
  const x509::NameMatch match = x509::match_name(*leaf, host);
  const std::string names = x509::names_text(*leaf, 5);
  if (match == x509::NameMatch::exact || match == x509::NameMatch::wildcard) {
    findings
        .pass(subject, fmt::format("{} connects to {}, and {} serves a certificate for it", who,
                                   shown, served.label))
        .from(served.source)
        .observed(names);
    return;
  }
  const bool no_names = match == x509::NameMatch::no_usable_names;
  judge(findings, no_names && !policy.certificates.san_required ? Verdict::warn : Verdict::fail,
        subject,
        fmt::format("{} connects to {}, but the certificate of {} names {}", who, shown,
                    served.label, names))
      .from(served.source)
      .expected(fmt::format("subjectAltName with {}", shown))
      .observed(fmt::format("{}; CN {}", names, printable(leaf->common_name, 100)))
      .remediation(
          fmt::format("add subjectAltName={}:{}, or connect by a name that is in the certificate",
                      x509::parse_address(host) ? "IP" : "DNS", shown));
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  const std::vector<const Consumer*> consumers = tls_consumers(evidence);
  for (const Consumer* consumer : consumers) {
    const Observation<ServedTo> served = served_to(evidence, *consumer);
    if (served.gap() == nullptr) {
      judge_name(consumer->subject(), consumer->key, consumer->host, *served, policy, findings);
      continue;
    }
    Gap gap = *served.gap();
    gap.detail = fmt::format("what {} is served was not seen: {}", consumer->key, gap.detail);
    findings.unknown(consumer->subject(), gap);
  }
  if (consumers.empty()) {
    say_chain_gaps(evidence, findings);
    for (const Endpoint& endpoint : evidence.endpoints)
      if (const ServedChain* chain = real_chain(endpoint);
          chain && endpoint.kind == EndpointKind::live)
        judge_name(Subject::endpoint(endpoint.key), "this audit", name_to_verify(endpoint),
                   {chain->certificates, endpoint.chain.provenance(), endpoint.key}, policy,
                   findings);
  }
  if (findings.empty()) say_no_certificate(evidence, findings);
}

}  // namespace

extern const Check served_chain_matches_names;
constexpr Check served_chain_matches_names{
    .info = {.code = "RTA-CHAIN-002",
             .title = "The served certificate is for the name that each application connects to",
             .core = {7},
             .supports = {},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown},
             .needs = {Need::project_files, Need::served_chain},
             .controls = kControls,
             .remediation = "add the name to subjectAltName, or connect by a name that is in it"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
