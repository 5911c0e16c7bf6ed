#include <redis_tls_audit/check.h>

#include "checks/common/tls_view.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.1"sv, "hipaa.312.e.2.ii"sv, "nist.SC-8"sv,
                               "nist.SC-8.1"sv,   "sp800-52r2.3.1"sv,   "pci.4.2.1"sv,
                               "pci.2.2.7"sv};

constexpr std::string_view kExpected = "a ServerHello of TLS 1.2 or 1.3";

bool answers_plaintext(const Endpoint& endpoint) {
  const PortAnswer* answer = endpoint.port_answer.value();
  return answer != nullptr && answer->speech == PortSpeech::plaintext_redis;
}

void judge_survey(const Endpoint& endpoint, const TlsSurvey& survey, Findings& findings) {
  const Subject subject = Subject::endpoint(endpoint.key);
  const Provenance source = wire(endpoint, "ClientHello TLS 1.2 and 1.3");
  std::vector<std::string> spoken;
  for (const VersionOffer& offer : survey.versions)
    if (offer.answer.answer == Answer::supported) spoken.emplace_back(name_of(offer.version));
  const std::string seen = listed(spoken);
  const bool modern =
      is_spoken(survey, ProtocolVersion::tls1_2) || is_spoken(survey, ProtocolVersion::tls1_3);
  const bool refused =
      version_answer(survey, ProtocolVersion::tls1_2).answer == Answer::not_supported &&
      version_answer(survey, ProtocolVersion::tls1_3).answer == Answer::not_supported;
  if (modern)
    findings.pass(subject, "TLS is served: " + seen)
        .expected(std::string{kExpected})
        .observed(seen)
        .from(source);
  else if (refused)
    findings.fail(subject, "only outdated versions are served: " + seen)
        .expected(std::string{kExpected})
        .observed(seen)
        .from(source);
  else
    findings
        .unknown(subject, "neither TLS 1.2 nor TLS 1.3 gave a definite answer",
                 GapReason::incomplete)
        .from(source);
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  Evidence rest;
  for (const Endpoint& endpoint : evidence.endpoints) {
    if (!answers_plaintext(endpoint)) continue;
    findings
        .fail(Subject::endpoint(endpoint.key),
              "the port answers Redis in plaintext and speaks no TLS")
        .expected(std::string{kExpected})
        .observed(endpoint.port_answer->plaintext_answer)
        .from(endpoint.port_answer);
  }
  for (const Endpoint& endpoint : evidence.endpoints)
    if (!answers_plaintext(endpoint)) rest.endpoints.push_back(endpoint);
  if (!rest.endpoints.empty() || evidence.endpoints.empty())
    each_survey(rest, findings, [&](const Endpoint& endpoint, const TlsSurvey& survey) {
      judge_survey(endpoint, survey, findings);
    });
}

}  // namespace

extern const Check protocol_tls_served;
constexpr Check protocol_tls_served{
    .info = {.code = "RTA-TLS-001",
             .title = "TLS is served on the declared endpoint",
             .core = {1},
             .supports = {},
             .severity = Severity::critical,
             .statuses = {Status::pass, Status::fail, Status::unknown},
             .needs = {Need::port, Need::tls_survey},
             .controls = kControls,
             .remediation = "port 0\ntls-port 6379\ntls-cert-file "
                            "/etc/redis/tls/redis.crt\ntls-key-file /etc/redis/tls/redis.key"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
