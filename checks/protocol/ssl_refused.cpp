#include <redis_tls_audit/check.h>

#include "checks/common/tls_view.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.2.ii"sv, "nist.SC-8.1"sv, "nist.SC-13"sv,
                               "sp800-52r2.3.1"sv,   "pci.4.2.1"sv,   "pci.2.2.5"sv,
                               "RFC 6176"sv,         "RFC 7568"sv};

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  each_survey(evidence, findings, [&](const Endpoint& endpoint, const TlsSurvey& survey) {
    judge_refused(findings, endpoint, survey, {ProtocolVersion::ssl2, ProtocolVersion::ssl3});
  });
}

}  // namespace

extern const Check protocol_ssl_refused;
constexpr Check protocol_ssl_refused{
    .info = {.code = "RTA-TLS-002",
             .title = "SSL 2.0 and SSL 3.0 are refused",
             .core = {1},
             .supports = {},
             .severity = Severity::critical,
             .statuses = {Status::pass, Status::fail, Status::unknown},
             .needs = {Need::tls_survey},
             .controls = kControls,
             .remediation = "upgrade what terminates TLS and allow TLS 1.2 and 1.3 only"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
