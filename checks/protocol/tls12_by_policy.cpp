#include <redis_tls_audit/check.h>

#include "checks/common/tls_view.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.2.ii"sv, "nist.SC-8.1"sv, "sp800-52r2.3.1"sv,
                               "pci.4.2.1"sv};

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  const bool allowed = policy.tls.allowed.contains(ProtocolVersion::tls1_2);
  each_survey(evidence, findings, [&](const Endpoint& endpoint, const TlsSurvey& survey) {
    const Subject subject = Subject::endpoint(endpoint.key);
    const Provenance source = wire(endpoint, "ClientHello TLS 1.2");
    const Answer tls12 = version_answer(survey, ProtocolVersion::tls1_2).answer;
    const Answer tls13 = version_answer(survey, ProtocolVersion::tls1_3).answer;
    const std::string seen = fmt::format("TLS 1.2 {}, TLS 1.3 {}", name_of(tls12), name_of(tls13));
    const std::string expected = allowed ? "TLS 1.2 or 1.3" : "TLS 1.3 only";
    if (tls12 == Answer::supported && !allowed)
      findings.fail(subject, "TLS 1.2 is offered, and this profile allows TLS 1.3 only")
          .expected(expected)
          .observed(seen)
          .remediation("tls-protocols \"TLSv1.3\"")
          .from(source);
    else if (tls12 == Answer::not_supported && tls13 == Answer::not_supported)
      findings.fail(subject, "neither TLS 1.2 nor TLS 1.3 is offered")
          .expected(expected)
          .observed(seen)
          .severity(Severity::critical)
          .from(source);
    else if (allowed && (tls12 == Answer::supported || tls13 == Answer::supported))
      findings
          .pass(subject, fmt::format("{} is offered, as the profile wants",
                                     tls13 == Answer::supported ? "TLS 1.3" : "TLS 1.2"))
          .expected(expected)
          .observed(seen)
          .from(source);
    else if (!allowed && tls12 == Answer::not_supported && tls13 == Answer::supported)
      findings.pass(subject, "TLS 1.3 alone is offered, as the profile wants")
          .expected(expected)
          .observed(seen)
          .from(source);
    else
      findings.unknown(subject, "the versions stayed open: " + seen, GapReason::incomplete)
          .from(source);
  });
}

}  // namespace

extern const Check protocol_tls12_by_policy;
constexpr Check protocol_tls12_by_policy{
    .info = {.code = "RTA-TLS-006",
             .title = "TLS 1.2 is offered or not as the policy says",
             .core = {1},
             .supports = {},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::fail, Status::unknown},
             .needs = {Need::tls_survey},
             .controls = kControls,
             .remediation = "tls-protocols \"TLSv1.2 TLSv1.3\""},
    .evaluate = evaluate,
};

}  // namespace rta::checks
