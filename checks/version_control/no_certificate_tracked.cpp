#include <fmt/format.h>
#include <redis_tls_audit/check.h>

#include "base/text.h"
#include "checks/common/repository.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.a.1"sv, "nist.CM-6"sv, "pci.4.2.1.1"sv};

void judge_certificate(const MaterialHit& hit, const Evidence& evidence, const Policy& policy,
                       Findings& findings) {
  const std::string path = printable(hit.path);
  const auto details = [&](Findings::Entry entry) {
    entry.expected("no certificate, request or CA directory under version control")
        .observed(fmt::format("blob {}", hit.blob.substr(0, 12)))
        .remediation(fmt::format("git rm --cached -- {}", shell_word(hit.path)))
        .variant(fmt::format("{}:{}", name_of(hit.material), hit.line))
        .from(evidence.repository)
        .at({hit.path, hit.line, hit.column});
  };
  if (hit.material == Material::certificate_request) {
    details(
        findings.fail(subject_of(hit), fmt::format("{} is a tracked certificate request", path)));
  } else if (hit.detail == "CA directory") {
    details(findings.fail(subject_of(hit),
                          fmt::format("{} belongs to a CA directory that is tracked", path)));
  } else if (hit.pairs_with_local_key) {
    details(findings.fail(
        subject_of(hit),
        fmt::format("{} is tracked and belongs to a private key of this project", path)));
  } else {
    details(judge(findings, policy.version_control.public_ca_tracked, subject_of(hit),
                  fmt::format("{} holds a tracked certificate ({})", path,
                              hit.is_ca ? "of a CA" : "of an end entity")));
  }
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  const Repository* repository = repository_or_unknown(evidence, findings);
  if (repository == nullptr) return;
  for (const MaterialHit& hit : repository->hits)
    if (hit.tracked &&
        (hit.material == Material::certificate || hit.material == Material::certificate_request))
      judge_certificate(hit, evidence, policy, findings);
  if (!findings.empty() || index_is_unknown(*repository, evidence, findings)) return;
  findings
      .pass(Subject::repository(),
            fmt::format("none of {} holds a certificate",
                        counted(repository->tracked_files, "tracked file", "tracked files")))
      .expected("no certificate, request or CA directory under version control")
      .from(evidence.repository);
}

}  // namespace

extern const Check version_control_no_certificate_tracked;
constexpr Check version_control_no_certificate_tracked{
    .info = {.code = "RTA-VCS-003",
             .title = "Certificates and other TLS material are excluded from version control",
             .core = {9},
             .supports = {},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown},
             .needs = {Need::repository},
             .controls = kControls,
             .remediation = "git rm -r --cached certs/"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
