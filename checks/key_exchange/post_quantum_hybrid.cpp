#include <redis_tls_audit/check.h>

#include "checks/common/tls_view.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.306.a.2"sv, "hipaa.308.a.1.ii.A"sv, "nist.SC-12"sv,
                               "nist.SC-13"sv,    "pci.12.3.3"sv,         "NIST IR 8547"sv,
                               "FIPS 203"sv};

constexpr std::string_view kExpected = "X25519MLKEM768, SecP256r1MLKEM768 or SecP384r1MLKEM1024";

Verdict verdict_of_absence(const Evidence& evidence, const KeyExchangePolicy& rules) {
  if (rules.post_quantum_warn_from && evidence.as_of >= *rules.post_quantum_warn_from)
    return worse(rules.post_quantum_missing, Verdict::warn);
  return rules.post_quantum_missing;
}

// Information today, a low warning from the date that the profile names.
void judge_absence(const Evidence& evidence, const Policy& policy, const Endpoint& endpoint,
                   const std::string& message, const std::string& observed, Findings& findings) {
  const Verdict verdict = verdict_of_absence(evidence, policy.key_exchange);
  judge(findings, verdict, Subject::endpoint(endpoint.key), message)
      .severity(verdict == Verdict::info ? Severity::info : Severity::low)
      .expected(std::string{kExpected})
      .observed(observed)
      .from(wire(endpoint, "ClientHello with post-quantum groups"));
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  each_survey(evidence, findings, [&](const Endpoint& endpoint, const TlsSurvey& survey) {
    const Subject subject = Subject::endpoint(endpoint.key);
    const Provenance source = wire(endpoint, "ClientHello with post-quantum groups");
    std::vector<std::string> found;
    if (const GroupInventory* groups = survey.groups_of(ProtocolVersion::tls1_3))
      for (const AcceptedGroup& accepted : groups->accepted)
        if (const tls::GroupProperties* group = tls::find_group(accepted.group);
            group != nullptr && group->kind == tls::GroupKind::hybrid)
          found.emplace_back(group->name);
    const auto open = groups_incomplete(survey, [](const tls::GroupProperties& group) {
      return group.kind == tls::GroupKind::hybrid;
    });
    if (!found.empty())
      findings.pass(subject, "post-quantum hybrids are offered: " + listed(found))
          .expected(std::string{kExpected})
          .observed(listed(found))
          .from(source);
    else if (version_answer(survey, ProtocolVersion::tls1_3).answer == Answer::not_supported)
      judge_absence(evidence, policy, endpoint,
                    "no post-quantum key exchange: it needs TLS 1.3, which is not offered",
                    "TLS 1.3 not offered", findings);
    else if (open)
      findings.unknown(subject, "none was seen, but " + *open, GapReason::incomplete).from(source);
    else
      judge_absence(evidence, policy, endpoint, "no post-quantum hybrid group is offered", "none",
                    findings);
  });
}

}  // namespace

extern const Check key_exchange_post_quantum_hybrid;
constexpr Check key_exchange_post_quantum_hybrid{
    .info = {.code = "RTA-KEX-005",
             .title = "A post-quantum hybrid key exchange is offered",
             .core = {},
             .supports = {2},
             .severity = Severity::info,
             .statuses = {Status::pass, Status::warn, Status::unknown},
             .needs = {Need::tls_survey},
             .controls = kControls,
             .remediation = "run Redis against OpenSSL 3.5 or later, which offers X25519MLKEM768 "
                            "in TLS 1.3 by default"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
