#include <redis_tls_audit/check.h>

#include "checks/common/tls_view.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.2.ii"sv, "nist.SC-13"sv, "sp800-52r2.3.3.1"sv,
                               "sp800-52r2.3.3.3"sv, "pci.4.2.1"sv};

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  each_survey(evidence, findings, [&](const Endpoint& endpoint, const TlsSurvey& survey) {
    const Subject subject = Subject::endpoint(endpoint.key);
    const Provenance source = wire(endpoint, "suites by elimination");
    Verdict worst = Verdict::pass;
    std::vector<CipherSuite> found;
    for (const CipherSuite code :
         accepted_suites(survey, [](const tls::SuiteProperties&) { return true; })) {
      const Verdict verdict = verdict_of_algorithm(*tls::find_suite(code), policy);
      if (verdict == Verdict::pass) continue;
      worst = worse(worst, verdict);
      found.push_back(code);
    }
    const std::string expected =
        policy.suites.exact_list.empty()
            ? "AES, and ChaCha20 where the profile allows it"
            : "the profile's list: " + listed(policy.suites.exact_list, 20);
    if (!found.empty())
      judge(findings, worst, subject,
            "algorithms outside the profile are offered: " + listed(found))
          .expected(expected)
          .observed(listed(found, 100))
          .remediation(cipher_remedy(policy) + "\n" + tls13_cipher_remedy(policy))
          .from(source);
    else if (const auto open = suites_incomplete(
                 survey, [&](const tls::SuiteProperties& suite) {
                   return verdict_of_algorithm(suite, policy) != Verdict::pass;
                 }))
      findings.unknown(subject, "none was seen, but " + *open, GapReason::incomplete).from(source);
    else
      findings.pass(subject, "only approved algorithms are offered")
          .expected(expected)
          .observed("none outside")
          .from(source);
  });
}

}  // namespace

extern const Check ciphers_approved_algorithms;
constexpr Check ciphers_approved_algorithms{
    .info = {.code = "RTA-CIP-005",
             .title = "Only algorithms that the policy approves are offered",
             .core = {},
             .supports = {2},
             .severity = Severity::low,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown},
             .needs = {Need::tls_survey},
             .controls = kControls,
             .remediation =
                 "tls-ciphersuites TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256\ntls-ciphers "
                 "ECDHE+AESGCM"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
