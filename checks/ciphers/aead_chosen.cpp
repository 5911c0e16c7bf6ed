#include <redis_tls_audit/check.h>

#include "checks/common/tls_view.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.2.ii"sv, "nist.SC-8.1"sv, "nist.SC-13"sv,
                               "sp800-52r2.3.3.1"sv, "pci.4.2.1"sv};

const std::vector<ProtocolVersion> kVersions{ProtocolVersion::tls1_2, ProtocolVersion::tls1_3};

bool is_good(CipherSuite code) {
  const tls::SuiteProperties* suite = tls::find_suite(code);
  return suite != nullptr && is_forward_secret_aead(*suite);
}

struct Choices {
  Verdict worst = Verdict::pass;
  std::vector<std::string> seen, open;
};

void judge_version(const TlsSurvey& survey, ProtocolVersion version, Choices& choices) {
  const OfferAnswer answer = version_answer(survey, version);
  const std::string name{name_of(version)};
  if (answer.answer == Answer::not_supported) return;
  const SuiteInventory* inventory = survey.suites_of(version);
  if (answer.answer != Answer::supported || inventory == nullptr) {
    choices.open.push_back(name + ": " +
                           (answer.reason.empty() ? "not enumerated" : answer.reason));
    return;
  }
  if (inventory->chosen && is_good(*inventory->chosen)) {
    choices.seen.push_back(
        fmt::format("{} chooses {}", name, tls::openssl_suite_name(*inventory->chosen)));
  } else if (!accepted_suites(survey, is_forward_secret_aead, {version}).empty()) {
    choices.worst = worse(choices.worst, Verdict::warn);
    choices.seen.push_back(
        fmt::format("{} offers one but chooses {}", name,
                    inventory->chosen ? tls::openssl_suite_name(*inventory->chosen) : "another"));
  } else if (!suites_incomplete(survey, [&](const tls::SuiteProperties& suite) {
               return is_forward_secret_aead(suite) &&
                      suite.is_tls13() == (version == ProtocolVersion::tls1_3);
             })) {
    choices.worst = Verdict::fail;
    choices.seen.push_back(name + " offers none");
  } else {
    choices.open.push_back(name + ": " + inventory->incomplete_reason);
  }
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  each_survey(evidence, findings, [&](const Endpoint& endpoint, const TlsSurvey& survey) {
    const Subject subject = Subject::endpoint(endpoint.key);
    const Provenance source = wire(endpoint, "ClientHello with all suites");
    const std::string expected = "(EC)DHE with GCM, CCM or ChaCha20-Poly1305";
    Choices choices;
    for (const ProtocolVersion version : kVersions) judge_version(survey, version, choices);
    if (choices.seen.empty() && choices.open.empty()) {
      findings
          .fail(subject,
                "neither TLS 1.2 nor 1.3 is offered, and older versions have no such suite")
          .expected(expected)
          .remediation("tls-protocols \"TLSv1.2 TLSv1.3\"")
          .from(source);
    } else if (choices.worst != Verdict::fail && !choices.open.empty()) {
      findings
          .unknown(subject, "not all versions told: " + listed(choices.open), GapReason::incomplete)
          .from(source);
    } else {
      const std::string seen = listed(choices.seen);
      judge(findings, choices.worst, subject, "offered all suites, " + seen)
          .expected(expected)
          .observed(seen)
          .remediation("tls-prefer-server-ciphers yes\n" + cipher_remedy(policy))
          .from(source);
    }
  });
}

}  // namespace

extern const Check ciphers_aead_chosen;
constexpr Check ciphers_aead_chosen{
    .info = {.code = "RTA-CIP-003",
             .title = "A forward-secret AEAD suite is offered and chosen",
             .core = {2},
             .supports = {},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown},
             .needs = {Need::tls_survey},
             .controls = kControls,
             .remediation =
                 "tls-prefer-server-ciphers yes\ntls-ciphers ECDHE+AESGCM:ECDHE+CHACHA20"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
