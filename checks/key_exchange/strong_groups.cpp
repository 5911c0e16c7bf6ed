#include <redis_tls_audit/check.h>

#include "checks/common/tls_view.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.2.ii"sv,  "nist.SC-12"sv, "nist.SC-13"sv,
                               "sp800-52r2.3.4.2"sv,  "pci.4.2.1"sv,  "NIST SP 800-57pt1r5"sv,
                               "NIST SP 800-131Ar2"sv};

std::vector<NamedGroup> accepted_groups(const TlsSurvey& survey) {
  std::vector<NamedGroup> groups;
  for (const GroupInventory& inventory : survey.groups)
    for (const AcceptedGroup& accepted : inventory.accepted)
      if (std::ranges::count(groups, accepted.group) == 0) groups.push_back(accepted.group);
  return groups;
}

bool is_nist_prime_curve(NamedGroup group) { return group >= 0x0017 && group <= 0x0019; }

void judge_endpoint(const Endpoint& endpoint, const TlsSurvey& survey, const Policy& policy,
                    Findings& findings) {
  const Subject subject = Subject::endpoint(endpoint.key);
  const Provenance source = wire(endpoint, "groups by elimination");
  const KeyExchangePolicy& rules = policy.key_exchange;
  Verdict worst = Verdict::pass;
  std::vector<std::string> names, bad;
  bool nist = false;
  for (const NamedGroup code : accepted_groups(survey)) {
    names.push_back(tls::group_name(code));
    nist = nist || is_nist_prime_curve(code);
    const tls::GroupProperties* group = tls::find_group(code);
    const Verdict verdict = group == nullptr ? Verdict::warn : verdict_of_group(*group, rules);
    if (verdict == Verdict::pass) continue;
    worst = worse(worst, verdict);
    bad.push_back(tls::group_name(code));
  }
  const auto open = groups_incomplete(survey, [&](const tls::GroupProperties& group) {
    return verdict_of_group(group, rules) != Verdict::pass ||
           (rules.nist_curves_only && !nist && is_nist_prime_curve(group.code));
  });
  const std::string expected =
      rules.allowed_groups.empty()
          ? fmt::format("{} bits and more, prime curves", rules.min_group_bits)
          : "the profile's list of groups";
  if (!bad.empty())
    judge(findings, worst, subject, "weak or unwanted groups are offered: " + listed(bad))
        .expected(expected)
        .observed(listed(names, 100))
        .from(source);
  else if (open)
    findings.unknown(subject, "no weak group was seen, but " + *open, GapReason::incomplete)
        .from(source);
  else if (names.empty() && survey.gate_mode)
    findings.pass(subject, "no group that the profile dislikes is accepted")
        .expected(expected)
        .observed("none of them")
        .from(source);
  else if (names.empty())
    findings.not_applicable(subject,
                            "no suite with elliptic-curve or finite-field groups is offered");
  else if (rules.nist_curves_only && !nist)
    findings.warn(subject, "none of P-256, P-384 and P-521 is offered")
        .expected("a curve of SP 800-56A")
        .observed(listed(names, 100))
        .from(source);
  else
    findings.pass(subject, "all groups are strong enough: " + listed(names))
        .expected(expected)
        .observed(listed(names, 100))
        .from(source);
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  each_survey(evidence, findings, [&](const Endpoint& endpoint, const TlsSurvey& survey) {
    judge_endpoint(endpoint, survey, policy, findings);
  });
}

}  // namespace

extern const Check key_exchange_strong_groups;
constexpr Check key_exchange_strong_groups{
    .info = {.code = "RTA-KEX-001",
             .title = "Key-exchange groups are strong enough",
             .core = {},
             .supports = {2},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown,
                          Status::not_applicable},
             .needs = {Need::tls_survey},
             .controls = kControls,
             .remediation = "[system_default_sect] of openssl.cnf: Groups = X25519:P-256:P-384"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
