#include <redis_tls_audit/check.h>

#include "checks/common/tls_view.h"
#include "tls/completeness.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.2.ii"sv, "nist.SC-12"sv, "sp800-52r2.3.3.1"sv,
                               "pci.4.2.1"sv};

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  each_survey(evidence, findings, [&](const Endpoint& endpoint, const TlsSurvey& survey) {
    const Subject subject = Subject::endpoint(endpoint.key);
    const Provenance source = wire(endpoint, "ephemeral keys of several answers");
    const std::optional<bool> reused = survey.behaviour.ephemeral_key_reused;
    const bool ephemeral = !accepted_suites(survey, [](const tls::SuiteProperties& suite) {
                              return suite.has_forward_secrecy();
                            }).empty();
    if (reused == true)
      findings.fail(subject, "the same ephemeral public key was seen twice")
          .expected("a new key each time")
          .observed("the same key")
          .from(source);
    else if (reused == false)
      findings.pass(subject, "every answer had a new ephemeral key")
          .expected("a new key each time")
          .observed("all different")
          .from(source);
    else if (!ephemeral && !suites_incomplete(survey))
      findings.not_applicable(subject, "no suite with ephemeral keys is offered");
    else
      findings
          .unknown(subject, "not determined: " + tls::why_not_seen(survey, "ephemeral_key_reused"),
                   GapReason::incomplete)
          .from(source);
  });
}

}  // namespace

extern const Check key_exchange_fresh_ephemeral_keys;
constexpr Check key_exchange_fresh_ephemeral_keys{
    .info = {.code = "RTA-KEX-003",
             .title = "Ephemeral keys are not reused",
             .core = {},
             .supports = {2},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::fail, Status::unknown, Status::not_applicable},
             .needs = {Need::tls_survey},
             .controls = kControls,
             .remediation = "upgrade what terminates TLS"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
