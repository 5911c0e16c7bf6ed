#include <redis_tls_audit/check.h>

#include "checks/common/tls_view.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.2.i"sv,  "nist.SC-8.1"sv, "nist.SC-5"sv,
                               "sp800-52r2.3.4.1"sv, "pci.4.2.1"sv,   "RFC 5746"sv};

// TLS 1.2's answer, or that of the older version that the endpoint speaks instead.
SessionFact oldest_renegotiation(const Endpoint& endpoint, const TlsSurvey& survey) {
  SessionFact fact =
      session_fact(endpoint, SessionFeature::client_renegotiation, ProtocolVersion::tls1_2);
  for (const ProtocolVersion version : {ProtocolVersion::tls1_1, ProtocolVersion::tls1_0})
    if (!is_spoken(survey, ProtocolVersion::tls1_2) && is_spoken(survey, version))
      return session_fact(endpoint, SessionFeature::client_renegotiation, version);
  return fact;
}

void judge_endpoint(const Endpoint& endpoint, const TlsSurvey& survey, Findings& findings) {
  const Subject subject = Subject::endpoint(endpoint.key);
  const Provenance source = wire(endpoint, "ClientHello with renegotiation_info");
  const TlsBehaviour& behaviour = survey.behaviour;
  const SessionFact client = oldest_renegotiation(endpoint, survey);
  const std::string expected = "RFC 5746 acknowledged, client-initiated renegotiation refused";
  bool older = false;
  for (const VersionOffer& offer : survey.versions)
    older = older ||
            (offer.answer.answer == Answer::supported && offer.version < ProtocolVersion::tls1_3);
  if (!older) {
    if (version_answer(survey, ProtocolVersion::tls1_2).answer == Answer::not_supported)
      findings.not_applicable(subject,
                              "TLS 1.3 has no renegotiation, and nothing older is offered");
    else
      findings.unknown(subject, "it stayed open whether TLS 1.2 is offered", GapReason::incomplete);
    return;
  }
  if (behaviour.secure_renegotiation == false)
    findings.fail(subject, "secure renegotiation (RFC 5746) is not acknowledged")
        .expected(expected)
        .observed("no renegotiation_info in ServerHello")
        .from(source);
  else if (client.answer == Answer::supported)
    findings.warn(subject, "a client may renegotiate, which costs the server a signature each time")
        .expected(expected)
        .observed("renegotiation accepted")
        .from(source);
  else if (behaviour.secure_renegotiation == true && client.answer == Answer::not_supported)
    findings.pass(subject, "RFC 5746 is acknowledged and a client's renegotiation refused")
        .expected(expected)
        .observed("as expected")
        .from(source);
  else
    findings
        .unknown(subject,
                 behaviour.secure_renegotiation == true
                     ? "RFC 5746 is acknowledged; whether a client may renegotiate is not known: " +
                           client.reason
                     : "no answer up to TLS 1.2 told of renegotiation",
                 GapReason::incomplete)
        .from(source);
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  each_survey(evidence, findings, [&](const Endpoint& endpoint, const TlsSurvey& survey) {
    judge_endpoint(endpoint, survey, findings);
  });
}

}  // namespace

extern const Check protocol_safe_renegotiation;
constexpr Check protocol_safe_renegotiation{
    .info = {.code = "RTA-TLS-009",
             .title = "Renegotiation is safe",
             .core = {},
             .supports = {1},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown,
                          Status::not_applicable},
             .needs = {Need::tls_survey},
             .controls = kControls,
             .remediation = "[system_default_sect] of openssl.cnf: Options = NoRenegotiation"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
