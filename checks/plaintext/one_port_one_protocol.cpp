#include <redis_tls_audit/check.h>

#include "checks/common/settings.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.1"sv, "nist.SC-8.1"sv, "pci.4.2.1"sv,
                               "Security Hub ElastiCache.5"sv};

void judge_port(const Endpoint& endpoint, Findings& findings) {
  const Subject subject = Subject::endpoint(endpoint.key);
  if (const Gap* gap = endpoint.port_answer.gap()) {
    findings.unknown(subject, *gap);
    return;
  }
  const PortAnswer& answer = *endpoint.port_answer;
  if (answer.speech == PortSpeech::both) {
    findings.fail(subject, "one port serves TLS and also answers Redis in plaintext")
        .expected("TLS only")
        .observed("TLS: " + answer.tls_answer + "; plaintext: " + answer.plaintext_answer)
        .from(endpoint.port_answer);
  } else if (answer.speech != PortSpeech::tls) {
    findings.not_applicable(subject, "the port does not serve TLS at all");
  } else if (answer.plaintext_refused) {
    findings.pass(subject, "the port serves TLS and refuses plaintext: " + answer.plaintext_answer)
        .expected("TLS only")
        .observed("plaintext: " + answer.plaintext_answer)
        .from(endpoint.port_answer);
  } else {
    findings
        .unknown(subject, "the port serves TLS; plaintext was neither answered nor refused",
                 GapReason::timed_out)
        .from(endpoint.port_answer);
  }
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  for (const Endpoint& endpoint : evidence.endpoints) judge_port(endpoint, findings);
  if (findings.empty())
    findings.unknown(Subject::deployment(), "no endpoint was named, so no port was asked",
                     GapReason::not_requested);
}

}  // namespace

extern const Check plaintext_one_port_one_protocol;
constexpr Check plaintext_one_port_one_protocol{
    .info = {.code = "RTA-PLAIN-003",
             .title = "One port does not serve both TLS and plaintext",
             .core = {1},
             .supports = {},
             .severity = Severity::critical,
             .statuses = {Status::pass, Status::fail, Status::unknown, Status::not_applicable},
             .needs = {Need::port},
             .controls = kControls,
             .remediation = "aws elasticache modify-replication-group --replication-group-id NAME "
                            "--transit-encryption-mode required --apply-immediately"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
