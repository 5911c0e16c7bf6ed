#include <redis_tls_audit/check.h>

#include "base/text.h"
#include "checks/common/tls_view.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.2.ii"sv, "nist.SC-12"sv, "nist.SC-13"sv,
                               "sp800-52r2.3.3.1"sv, "pci.4.2.1"sv};

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  each_survey(evidence, findings, [&](const Endpoint& endpoint, const TlsSurvey& survey) {
    const Subject subject = Subject::endpoint(endpoint.key);
    const Provenance source = wire(endpoint, "suites by elimination");
    const std::vector<CipherSuite> found = accepted_suites(survey, is_static_key_exchange);
    if (!found.empty()) {
      judge(findings, policy.suites.static_key_exchange, subject,
            fmt::format("{}{} without forward secrecy offered: {}",
                        at_least(survey), counted(found.size(), "suite", "suites"), listed(found)))
          .expected("none with static RSA or static (EC)DH")
          .observed(listed(found, 100))
          .remediation(cipher_remedy(policy))
          .from(source);
    } else if (const auto open = suites_incomplete(survey, is_static_key_exchange)) {
      findings.unknown(subject, "none was seen, but " + *open, GapReason::incomplete).from(source);
    } else {
      findings.pass(subject, "every suite that is offered has forward secrecy")
          .expected("none with static RSA or static (EC)DH")
          .observed("none")
          .from(source);
    }
  });
}

}  // namespace

extern const Check ciphers_no_static_key_exchange;
constexpr Check ciphers_no_static_key_exchange{
    .info = {.code = "RTA-CIP-002",
             .title = "No suite without forward secrecy is offered",
             .core = {2},
             .supports = {},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown},
             .needs = {Need::tls_survey},
             .controls = kControls,
             .remediation = "tls-ciphers ECDHE+AESGCM:ECDHE+CHACHA20"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
