#include <redis_tls_audit/check.h>

#include "checks/common/tls_view.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.2.ii"sv, "nist.SC-13"sv, "sp800-52r2.3.3.1"sv,
                               "pci.4.2.1"sv};

void judge_endpoint(const Endpoint& endpoint, const TlsSurvey& survey, const Policy& policy,
                    Findings& findings) {
  const Subject subject = Subject::endpoint(endpoint.key);
  const Provenance source = wire(endpoint, "the same suites in both orders");
  std::vector<std::string> by_client, open;
  bool weak = false;
  for (const SuiteInventory& inventory : survey.suites) {
    const bool matters =
        std::ranges::any_of(inventory.accepted, [&](const AcceptedSuite& accepted) {
          const tls::SuiteProperties* suite = tls::find_suite(accepted.suite);
          return suite != nullptr && verdict_of_suite(*suite, policy) >= Verdict::warn;
        });
    if (!matters || inventory.accepted.size() < 2) continue;
    weak = true;
    const std::string name{name_of(inventory.version)};
    if (inventory.order == OrderBy::client)
      by_client.push_back(name);
    else if (inventory.order == OrderBy::unknown)
      open.push_back(name);
  }
  const auto incomplete = suites_incomplete(survey, [&](const tls::SuiteProperties& suite) {
    return verdict_of_suite(suite, policy) >= Verdict::warn;
  });
  if (!by_client.empty())
    findings
        .warn(subject, "the client's order decides at " + listed(by_client) +
                           ", while suites are offered that the profile dislikes")
        .expected("the server's order")
        .observed("the client's order")
        .from(source);
  else if (!open.empty())
    findings
        .unknown(subject, "the order at " + listed(open) + " was not seen", GapReason::incomplete)
        .from(source);
  else if (weak)
    findings.pass(subject, "the server's own order decides")
        .expected("the server's order")
        .observed("the server's order")
        .from(source);
  else if (incomplete)
    findings.unknown(subject, "no weak suite was seen, but " + *incomplete, GapReason::incomplete)
        .from(source);
  else
    findings.not_applicable(subject,
                            "every suite that is offered is fine, so the order does not matter");
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  each_survey(evidence, findings, [&](const Endpoint& endpoint, const TlsSurvey& survey) {
    judge_endpoint(endpoint, survey, policy, findings);
  });
}

}  // namespace

extern const Check ciphers_server_preference;
constexpr Check ciphers_server_preference{
    .info = {.code = "RTA-CIP-006",
             .title = "Server cipher preference is enforced where it matters",
             .core = {},
             .supports = {2},
             .severity = Severity::low,
             .statuses = {Status::pass, Status::warn, Status::unknown, Status::not_applicable},
             .needs = {Need::tls_survey},
             .controls = kControls,
             .remediation = "tls-prefer-server-ciphers yes"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
