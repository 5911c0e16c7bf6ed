#include <redis_tls_audit/check.h>

#include "base/text.h"
#include "checks/common/tls_view.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.2.ii"sv, "nist.SC-13"sv, "sp800-52r2.3.3.1"sv,
                               "pci.4.2.1"sv};

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  each_survey(evidence, findings, [&](const Endpoint& endpoint, const TlsSurvey& survey) {
    const Subject subject = Subject::endpoint(endpoint.key);
    const Provenance source = wire(endpoint, "suites by elimination");
    const std::vector<CipherSuite> found = accepted_suites(survey, is_forward_secret_cbc);
    if (!found.empty()) {
      judge(findings, policy.suites.cbc, subject,
            fmt::format("{}{} with CBC and a separate MAC offered: {}",
                        at_least(survey), counted(found.size(), "forward-secret suite", "forward-secret suites"),
                        listed(found)))
          .expected("AEAD suites only")
          .observed(listed(found, 100))
          .remediation(cipher_remedy(policy))
          .from(source);
    } else if (const auto open = suites_incomplete(survey, is_forward_secret_cbc)) {
      findings.unknown(subject, "none was seen, but " + *open, GapReason::incomplete).from(source);
    } else {
      findings.pass(subject, "no CBC suite with forward secrecy is offered")
          .expected("AEAD suites only")
          .observed("none")
          .from(source);
    }
  });
}

}  // namespace

extern const Check ciphers_no_cbc;
constexpr Check ciphers_no_cbc{
    .info = {.code = "RTA-CIP-004",
             .title = "CBC suites are not offered",
             .core = {2},
             .supports = {},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown},
             .needs = {Need::tls_survey},
             .controls = kControls,
             .remediation = "tls-ciphers ECDHE+AESGCM:ECDHE+CHACHA20"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
