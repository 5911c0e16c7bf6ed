#include <redis_tls_audit/check.h>

#include "base/text.h"
#include "checks/common/settings.h"
#include "checks/common/tls_view.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.2.ii"sv, "nist.CM-6"sv, "nist.CM-7"sv,
                               "sp800-52r2.3.1"sv, "pci.2.2.5"sv};

constexpr std::array kLegacy{ProtocolVersion::tls1_0, ProtocolVersion::tls1_1};

// The version's failure comes from elsewhere than its own switch.
bool is_latent(const OfferAnswer& answer) { return answer.alert == 80 || answer.alert == 71; }

std::vector<std::string> legacy_names(const std::string& protocols) {
  std::vector<std::string> names;
  for (const std::string_view word : split(protocols, ' ')) {
    const std::string lower = lower_ascii(trim(word));
    if (lower == "tlsv1" || lower == "tlsv1.1") names.emplace_back(word);
  }
  return names;
}

void judge_wire(const Endpoint& endpoint, const TlsSurvey& survey, Findings& findings) {
  const Subject subject = Subject::endpoint(endpoint.key);
  const Provenance source = wire(endpoint, "ClientHello TLS 1.0 and 1.1");
  std::vector<std::string> latent, open;
  bool spoken = false;
  for (const ProtocolVersion version : kLegacy) {
    const OfferAnswer answer = version_answer(survey, version);
    const std::string said = fmt::format("{}: {}", name_of(version), answer.reason);
    if (is_latent(answer))
      latent.push_back(said);
    else if (answer.answer == Answer::supported)
      spoken = true;
    else if (answer.answer != Answer::not_supported)
      open.push_back(said);
  }
  const RedisServer* server = endpoint.redis.value();
  const std::string* protocols =
      server == nullptr ? nullptr : server->config_value("tls-protocols");
  const std::vector<std::string> listed_names =
      protocols == nullptr ? std::vector<std::string>{} : legacy_names(*protocols);
  if (!listed_names.empty() && !spoken)
    latent.push_back("tls-protocols lists " + listed(listed_names));
  if (!latent.empty())
    findings
        .warn(subject, "a legacy version is switched on and fails for another reason (" +
                           listed(latent) + ")")
        .expected("refused by its own switch: alert 70 or 40")
        .observed(listed(latent))
        .from(source);
  else if (spoken)
    findings.not_applicable(
        subject, "a legacy version is open outright, which RTA-TLS-003 and RTA-TLS-004 judge");
  else if (!open.empty())
    findings
        .unknown(subject, "it stayed open why they fail: " + listed(open), GapReason::incomplete)
        .from(source);
  else
    findings.pass(subject, "TLS 1.0 and 1.1 are switched off")
        .expected("refused by its own switch: alert 70 or 40")
        .observed("refused")
        .from(source);
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  each_survey(evidence, findings, [&](const Endpoint& endpoint, const TlsSurvey& survey) {
    judge_wire(endpoint, survey, findings);
  });
  for (const ConfigurationView& view : configurations(evidence)) {
    if (view.declared == nullptr) continue;
    const std::string* protocols = view.value("tls-protocols");
    const std::vector<std::string> names =
        protocols == nullptr ? std::vector<std::string>{} : legacy_names(*protocols);
    if (!names.empty())
      findings
          .warn(view.subject, "tls-protocols lists " + listed(names) +
                                  ", which works again as soon as OpenSSL's security level drops")
          .expected("TLSv1.2 TLSv1.3")
          .observed(*protocols)
          .from(view.provenance("tls-protocols"));
  }
}

}  // namespace

extern const Check protocol_no_latent_legacy;
constexpr Check protocol_no_latent_legacy{
    .info = {.code = "RTA-TLS-008",
             .title = "No legacy version is enabled but merely unusable",
             .core = {},
             .supports = {1},
             .severity = Severity::low,
             .statuses = {Status::pass, Status::warn, Status::unknown, Status::not_applicable},
             .needs = {Need::tls_survey, Need::redis_server, Need::project_files},
             .controls = kControls,
             .remediation = "tls-protocols \"TLSv1.2 TLSv1.3\""},
    .evaluate = evaluate,
};

}  // namespace rta::checks
