#include <redis_tls_audit/check.h>

#include "checks/common/tls_view.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.2.ii"sv, "nist.SC-8.1"sv, "sp800-52r2.3.1"sv,
                               "pci.4.2.1"sv};

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  each_survey(evidence, findings, [&](const Endpoint& endpoint, const TlsSurvey& survey) {
    const Subject subject = Subject::endpoint(endpoint.key);
    const Provenance source = wire(endpoint, "ClientHello TLS 1.3");
    const OfferAnswer answer = version_answer(survey, ProtocolVersion::tls1_3);
    if (answer.answer == Answer::supported)
      findings.pass(subject, "TLS 1.3 is offered")
          .expected("TLS 1.3")
          .observed(answer.reason)
          .from(source);
    else if (answer.answer == Answer::not_supported)
      judge(findings, policy.tls.tls13_missing, subject,
            "TLS 1.3 is not offered (" + answer.reason + ")")
          .expected("TLS 1.3")
          .observed(answer.reason)
          .from(source);
    else
      findings
          .unknown(subject, "it stayed open whether TLS 1.3 is offered: " + answer.reason,
                   GapReason::incomplete)
          .from(source);
  });
}

}  // namespace

extern const Check protocol_tls13_offered;
constexpr Check protocol_tls13_offered{
    .info = {.code = "RTA-TLS-005",
             .title = "TLS 1.3 is offered",
             .core = {},
             .supports = {1},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown},
             .needs = {Need::tls_survey},
             .controls = kControls,
             .remediation = "tls-protocols \"TLSv1.2 TLSv1.3\""},
    .evaluate = evaluate,
};

}  // namespace rta::checks
