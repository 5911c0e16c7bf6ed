#include <redis_tls_audit/check.h>

#include "base/text.h"
#include "checks/common/tls_view.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.2.ii"sv, "nist.SC-8.1"sv, "nist.SC-13"sv,
                               "sp800-52r2.3.3.1"sv, "pci.4.2.1"sv,   "pci.2.2.5"sv};

std::string with_reasons(const std::vector<CipherSuite>& suites) {
  std::vector<std::string> texts;
  for (const CipherSuite suite : suites)
    texts.push_back(fmt::format("{} ({})", tls::openssl_suite_name(suite),
                                tls::find_suite(suite)->broken_because()));
  return listed(std::move(texts), 6);
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  each_survey(evidence, findings, [&](const Endpoint& endpoint, const TlsSurvey& survey) {
    const Subject subject = Subject::endpoint(endpoint.key);
    const Provenance source = wire(endpoint, "suites by elimination");
    const std::vector<CipherSuite> found = accepted_suites(
        survey, [](const tls::SuiteProperties& suite) { return suite.is_broken(); });
    const std::string expected = "none";
    if (!found.empty())
      findings
          .fail(subject, fmt::format("{} offered: {}",
                                     counted(found.size(), "broken suite", "broken suites"),
                                     with_reasons(found)))
          .expected(expected)
          .observed(listed(found, 100))
          .remediation(cipher_remedy(policy))
          .from(source);
    else if (!survey.ssl2_kinds.empty())
      findings.fail(subject, "SSL 2.0 is offered, all of whose ciphers are broken")
          .expected(expected)
          .remediation("upgrade what terminates TLS and allow TLS 1.2 and 1.3 only")
          .from(source);
    else if (const auto open = suites_incomplete(
                 survey, [](const tls::SuiteProperties& suite) { return suite.is_broken(); }))
      findings.unknown(subject, "none was seen, but " + *open, GapReason::incomplete).from(source);
    else
      findings.pass(subject, "no broken suite is offered")
          .expected(expected)
          .observed("none")
          .from(source);
  });
}

}  // namespace

extern const Check ciphers_no_broken_suite;
constexpr Check ciphers_no_broken_suite{
    .info = {.code = "RTA-CIP-001",
             .title = "No broken cipher suite is offered",
             .core = {2},
             .supports = {},
             .severity = Severity::critical,
             .statuses = {Status::pass, Status::fail, Status::unknown},
             .needs = {Need::tls_survey},
             .controls = kControls,
             .remediation = "tls-ciphers ECDHE+AESGCM:ECDHE+CHACHA20"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
