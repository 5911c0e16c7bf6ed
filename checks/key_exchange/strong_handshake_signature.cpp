#include <redis_tls_audit/check.h>

#include "checks/common/tls_view.h"
#include "tls/completeness.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.2.i"sv, "nist.SC-13"sv, "sp800-52r2.3.4.1"sv,
                               "pci.4.2.1"sv, "NIST SP 800-131Ar2"sv};

void judge_endpoint(const Endpoint& endpoint, const TlsSurvey& survey, Findings& findings) {
  const Subject subject = Subject::endpoint(endpoint.key);
  const Provenance source = wire(endpoint, "signature of ServerKeyExchange");
  const std::string expected = "SHA-256 or better, SHA-1 refused";
  const TlsBehaviour& behaviour = survey.behaviour;
  const tls::SignatureProperties* chosen =
      behaviour.signature_scheme ? tls::find_signature(*behaviour.signature_scheme) : nullptr;
  const std::string name =
      behaviour.signature_scheme ? tls::signature_name(*behaviour.signature_scheme) : "";
  const bool weak = chosen != nullptr && (chosen->hash == tls::HashAlgorithm::md5 ||
                                          chosen->hash == tls::HashAlgorithm::sha1);
  const OfferAnswer tls12 = version_answer(survey, ProtocolVersion::tls1_2);
  const bool signs =
      !accepted_suites(survey,
                       [](const tls::SuiteProperties& suite) { return suite.makes_server_sign(); },
                       {ProtocolVersion::tls1_2})
           .empty();
  if (weak)
    findings.fail(subject, "the server signs with " + name + " although better was offered")
        .expected(expected)
        .observed(name)
        .from(source);
  else if (behaviour.sha1_signature_accepted == true)
    findings.warn(subject, "the server signs with SHA-1 when nothing else is offered")
        .expected(expected)
        .observed("SHA-1 accepted")
        .from(source);
  else if (chosen != nullptr && behaviour.sha1_signature_accepted == false)
    findings.pass(subject, "the server signs with " + name + " and refuses SHA-1")
        .expected(expected)
        .observed(name)
        .from(source);
  else if (tls12.answer == Answer::not_supported && is_spoken(survey, ProtocolVersion::tls1_3))
    findings
        .pass(subject, "only TLS 1.3 is offered, which has no SHA-1 signatures (RFC 8446 4.4.3)")
        .expected(expected)
        .observed("TLS 1.3 only")
        .from(source);
  else if (tls12.answer == Answer::supported && !signs && !suites_incomplete(survey, [](const tls::SuiteProperties& suite) {
             return suite.makes_server_sign();
           }))
    findings.not_applicable(subject, "no suite at TLS 1.2 makes the server sign");
  else
    findings
        .unknown(subject,
                 "the signature was not seen in full: " +
                     tls::why_not_seen(survey, chosen == nullptr ? "signature_scheme"
                                                                 : "sha1_signature_accepted"),
                 GapReason::incomplete)
        .from(source);
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  each_survey(evidence, findings, [&](const Endpoint& endpoint, const TlsSurvey& survey) {
    judge_endpoint(endpoint, survey, findings);
  });
}

}  // namespace

extern const Check key_exchange_strong_handshake_signature;
constexpr Check key_exchange_strong_handshake_signature{
    .info = {.code = "RTA-KEX-004",
             .title = "The handshake is signed with SHA-256 or better",
             .core = {},
             .supports = {2},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown,
                          Status::not_applicable},
             .needs = {Need::tls_survey},
             .controls = kControls,
             .remediation = "tls-ciphers ECDHE+AESGCM:ECDHE+CHACHA20:@SECLEVEL=2"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
