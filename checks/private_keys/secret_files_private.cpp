#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include "checks/common/key_files.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.a.1"sv, "hipaa.308.a.5.ii.D"sv, "nist.IA-5"sv,
                               "nist.AC-3"sv,     "pci.8.3.2"sv,          "pci.8.6.2"sv};

void judge_file(const Observation<FileFacts>& file, const Evidence& evidence, Findings& findings) {
  const Subject subject = Subject::file(file->path);
  const std::string mode = mode_text(file->mode);
  if (ignores_modes(file->file_system)) {
    findings
        .unknown(subject,
                 fmt::format("{} lies on {}, which makes modes up", file->path, file->file_system),
                 GapReason::unsupported)
        .from(file);
    return;
  }
  // git keeps none of the bits that matter: a checkout has those of its maker.
  if (evidence.scope.ci && (file->mode & 026) != 0) {
    findings
        .unknown(subject,
                 fmt::format("{} holds a secret; its mode where it is deployed does not travel with "
                             "a checkout, and was not seen",
                             file->path),
                 GapReason::left_out)
        .from(file);
    return;
  }
  const std::string fix = fmt::format("chmod 640 {}", file->path);
  if ((file->mode & 06) != 0)
    findings
        .fail(subject, fmt::format("{} holds a secret and has mode {}: everybody may {} it",
                                   file->path, mode, (file->mode & 02) != 0 ? "write" : "read"))
        .from(file)
        .expected("0640 or stricter")
        .observed(mode)
        .remediation(fix);
  else if ((file->mode & 020) != 0)
    findings
        .warn(subject, fmt::format("{} holds a secret and has mode {}: its group may change it",
                                   file->path, mode))
        .from(file)
        .expected("0640 or stricter")
        .observed(mode)
        .remediation(fix);
  else
    findings.pass(subject, fmt::format("{} holds a secret and has mode {}", file->path, mode))
        .from(file)
        .observed(mode);
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  for (const Observation<FileFacts>& file : evidence.secret_files) {
    if (file.has_value())
      judge_file(file, evidence, findings);
    else
      findings.unknown(Subject::file(file.provenance().location.path), *file.gap());
  }
  if (!findings.empty()) return;
  if (evidence.scope.project)
    findings.not_applicable(Subject::deployment(),
                            "no file of the project holds a secret of Redis");
  else
    findings.unknown(Subject::deployment(), "no project was audited", GapReason::not_requested);
}

}  // namespace

extern const Check private_keys_secret_files_private;
constexpr Check private_keys_secret_files_private{
    .info = {.code = "RTA-KEY-008",
             .title = "Configuration files with secrets are not readable by everybody",
             .core = {},
             .supports = {8},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown,
                          Status::not_applicable},
             .needs = {Need::project_files},
             .controls = kControls,
             .remediation =
                 "chmod 0640 /etc/redis/redis.conf && chown root:redis /etc/redis/redis.conf"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
