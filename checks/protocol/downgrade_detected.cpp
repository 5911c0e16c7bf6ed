#include <redis_tls_audit/check.h>

#include "checks/common/tls_view.h"
#include "tls/completeness.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.2.i"sv,  "nist.SC-8.1"sv, "nist.SC-23"sv,
                               "sp800-52r2.3.4.2"sv, "pci.4.2.1"sv,   "RFC 7507"sv,
                               "RFC 8446"sv};

// What is known of the two protections: missing ones, open ones.
struct Protections {
  std::vector<std::string> missing, open;
  void note(const std::optional<bool>& present, const std::string& name,
            const std::string& why_not_seen) {
    if (!present)
      open.push_back(fmt::format("{} ({})", name, why_not_seen));
    else if (!*present)
      missing.push_back(name);
  }
};

void judge_endpoint(const Endpoint& endpoint, const TlsSurvey& survey, Findings& findings) {
  const Subject subject = Subject::endpoint(endpoint.key);
  const Provenance source = wire(endpoint, "ClientHello with TLS_FALLBACK_SCSV");
  int spoken = 0;
  for (const VersionOffer& offer : survey.versions)
    if (offer.answer.answer == Answer::supported && offer.version != ProtocolVersion::ssl2)
      ++spoken;
  const auto versions_open = suites_incomplete(survey, [](const tls::SuiteProperties&) {
    return false;  // the versions alone
  });
  if (spoken < 2) {
    if (versions_open)
      findings.unknown(subject, "not all versions gave an answer: " + *versions_open,
                       GapReason::incomplete);
    else
      findings.not_applicable(subject,
                              "one version only is offered, so there is none to fall back to");
    return;
  }
  const bool has_sentinel = is_spoken(survey, ProtocolVersion::tls1_3);
  Protections seen;
  seen.note(survey.behaviour.fallback_scsv_honoured, "TLS_FALLBACK_SCSV",
            tls::why_not_seen(survey, "fallback_scsv_honoured"));
  if (has_sentinel)
    seen.note(survey.behaviour.downgrade_sentinel, "the downgrade mark of RFC 8446",
              tls::why_not_seen(survey, "downgrade_sentinel"));
  const std::string expected =
      "alert 86 to TLS_FALLBACK_SCSV, and the downgrade mark in ServerHello.random";
  if (!seen.missing.empty() && seen.missing.size() == (has_sentinel ? 2U : 1U))
    findings.fail(subject, "nothing reveals a downgrade: missing " + listed(seen.missing))
        .expected(expected)
        .observed("missing " + listed(seen.missing))
        .from(source);
  else if (!seen.missing.empty())
    findings.warn(subject, "one protection against downgrade is missing: " + listed(seen.missing))
        .expected(expected)
        .observed("missing " + listed(seen.missing))
        .from(source);
  else if (!seen.open.empty())
    findings.unknown(subject, "not seen: " + listed(seen.open), GapReason::incomplete).from(source);
  else
    findings.pass(subject, "a downgrade is refused and marked")
        .expected(expected)
        .observed("both present")
        .from(source);
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  each_survey(evidence, findings, [&](const Endpoint& endpoint, const TlsSurvey& survey) {
    judge_endpoint(endpoint, survey, findings);
  });
}

}  // namespace

extern const Check protocol_downgrade_detected;
constexpr Check protocol_downgrade_detected{
    .info = {.code = "RTA-TLS-007",
             .title = "A downgrade to an older version is detected",
             .core = {},
             .supports = {1},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown,
                          Status::not_applicable},
             .needs = {Need::tls_survey},
             .controls = kControls,
             .remediation = "upgrade the TLS library of what terminates TLS"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
