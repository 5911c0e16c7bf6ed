#include <redis_tls_audit/check.h>

#include "checks/common/tls_view.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.2.ii"sv, "nist.SC-8.1"sv, "nist.SC-13"sv,
                               "sp800-52r2.3.1"sv,   "pci.4.2.1"sv,   "RFC 8996"sv};

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  each_survey(evidence, findings, [&](const Endpoint& endpoint, const TlsSurvey& survey) {
    judge_refused(findings, endpoint, survey, {ProtocolVersion::tls1_0});
  });
}

}  // namespace

extern const Check protocol_tls10_refused;
constexpr Check protocol_tls10_refused{
    .info = {.code = "RTA-TLS-003",
             .title = "TLS 1.0 is refused",
             .core = {1},
             .supports = {},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::fail, Status::unknown},
             .needs = {Need::tls_survey},
             .controls = kControls,
             .remediation = "tls-protocols \"TLSv1.2 TLSv1.3\""},
    .evaluate = evaluate,
};

}  // namespace rta::checks
