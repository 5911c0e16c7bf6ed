#include <redis_tls_audit/check.h>

#include "checks/common/tls_view.h"
#include "tls/completeness.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.2.i"sv,  "nist.SC-8.1"sv,      "nist.SC-23"sv,
                               "sp800-52r2.3.4.1"sv, "sp800-52r2.3.4.2"sv, "sp800-52r2.3.6"sv,
                               "sp800-52r2.3.7"sv,   "pci.4.2.1"sv,        "RFC 7627"sv,
                               "RFC 7366"sv};

struct Seen {
  std::vector<std::string> wrong, doubtful, open;
};

void judge_up_to_tls12(const TlsSurvey& survey, Seen& seen) {
  const TlsBehaviour& behaviour = survey.behaviour;
  const auto leave_open = [&](std::string_view what, std::string_view claim) {
    seen.open.push_back(fmt::format("{} ({})", what, tls::why_not_seen(survey, claim)));
  };
  if (behaviour.compression_accepted == true)
    seen.wrong.push_back("compression accepted");
  else if (!behaviour.compression_accepted)
    leave_open("compression", "compression_accepted");
  if (behaviour.heartbeat == true)
    seen.doubtful.push_back("heartbeat answered");
  else if (!behaviour.heartbeat)
    leave_open("heartbeat", "heartbeat");
  if (behaviour.extended_master_secret == false)
    seen.doubtful.push_back("no extended master secret");
  else if (!behaviour.extended_master_secret)
    leave_open("extended master secret", "extended_master_secret");
  const bool cbc = !accepted_suites(survey, [](const tls::SuiteProperties& suite) {
                      return suite.mode == tls::CipherMode::cbc;
                    }).empty();
  if (behaviour.encrypt_then_mac == false)
    seen.doubtful.push_back("no encrypt-then-MAC with CBC suites");
  else if (cbc && !behaviour.encrypt_then_mac)
    leave_open("encrypt-then-MAC", "encrypt_then_mac");
}

void judge_endpoint(const Endpoint& endpoint, const TlsSurvey& survey, Findings& findings) {
  Seen seen;
  bool older = false;
  for (const VersionOffer& offer : survey.versions)
    older =
        older || (offer.answer.answer == Answer::supported &&
                  offer.version < ProtocolVersion::tls1_3 && offer.version > ProtocolVersion::ssl2);
  if (older) judge_up_to_tls12(survey, seen);
  const SessionFact early =
      session_fact(endpoint, SessionFeature::early_data, ProtocolVersion::tls1_3);
  if (early.answer == Answer::supported)
    seen.wrong.push_back("early data accepted");
  else if (is_spoken(survey, ProtocolVersion::tls1_3) && early.answer != Answer::not_supported)
    seen.open.push_back(fmt::format("early data ({})", early.reason));
  const Subject subject = Subject::endpoint(endpoint.key);
  const Provenance source = wire(endpoint, "extensions of ServerHello");
  const std::string expected =
      "no compression, heartbeat or early data; extended master secret and encrypt-then-MAC";
  if (!seen.wrong.empty())
    findings.fail(subject, "dangerous features are on: " + listed(seen.wrong))
        .expected(expected)
        .observed(listed(seen.wrong))
        .from(source);
  else if (!seen.doubtful.empty())
    findings.warn(subject, "weak points: " + listed(seen.doubtful))
        .expected(expected)
        .observed(listed(seen.doubtful))
        .from(source);
  else if (!seen.open.empty())
    findings
        .unknown(subject, "nothing wrong was seen, but this was not answered: " + listed(seen.open),
                 GapReason::incomplete)
        .from(source);
  else
    findings.pass(subject, "no dangerous feature is on")
        .expected(expected)
        .observed("as expected")
        .from(source);
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  each_survey(evidence, findings, [&](const Endpoint& endpoint, const TlsSurvey& survey) {
    judge_endpoint(endpoint, survey, findings);
  });
}

}  // namespace

extern const Check protocol_extensions_safe;
constexpr Check protocol_extensions_safe{
    .info = {.code = "RTA-TLS-010",
             .title = "Compression, heartbeat and early data are off; EMS and EtM are on",
             .core = {},
             .supports = {1},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown},
             .needs = {Need::tls_survey},
             .controls = kControls,
             .remediation = "upgrade OpenSSL; prefer TLS 1.3 and drop CBC suites"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
