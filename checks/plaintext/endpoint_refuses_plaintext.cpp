#include <redis_tls_audit/check.h>

#include "checks/common/settings.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.1"sv, "nist.SC-8.1"sv, "pci.4.2.1"sv, "pci.2.2.7"sv};

void judge_port(const Endpoint& endpoint, Findings& findings) {
  const Subject subject = Subject::endpoint(endpoint.key);
  if (const Gap* gap = endpoint.port_answer.gap()) {
    findings.unknown(subject, *gap);
    return;
  }
  const PortAnswer& answer = *endpoint.port_answer;
  if (answer.speech == PortSpeech::plaintext_redis || answer.speech == PortSpeech::both) {
    findings.fail(subject, "the port answers Redis commands in plaintext")
        .expected("reset, close or alert")
        .observed(answer.plaintext_answer)
        .from(endpoint.port_answer);
  } else if (answer.speech == PortSpeech::other) {
    findings
        .unknown(subject, "the port answers, but neither as Redis nor as TLS: " + answer.tls_answer,
                 GapReason::unsupported)
        .remediation("correct the port")
        .observed(answer.tls_answer)
        .from(endpoint.port_answer);
  } else if (answer.plaintext_refused) {
    findings.pass(subject, "a plaintext PING was refused: " + answer.plaintext_answer)
        .expected("reset, close or alert")
        .observed(answer.plaintext_answer)
        .from(endpoint.port_answer);
  } else {
    findings
        .unknown(subject, "a plaintext PING was neither answered nor refused", GapReason::timed_out)
        .observed(answer.plaintext_answer)
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

extern const Check plaintext_endpoint_refuses_plaintext;
constexpr Check plaintext_endpoint_refuses_plaintext{
    .info = {.code = "RTA-PLAIN-001",
             .title = "The declared endpoint does not speak plaintext",
             .core = {1, 5, 6},
             .supports = {},
             .severity = Severity::critical,
             .statuses = {Status::pass, Status::fail, Status::unknown},
             .needs = {Need::port},
             .controls = kControls,
             .remediation = "port 0\ntls-port 6379"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
