#include <fmt/format.h>
#include <redis_tls_audit/check.h>

#include "base/text.h"
#include "checks/common/repository.h"
#include "files/key_material.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.a.1"sv, "nist.CM-6"sv, "nist.IA-5.7"sv, "pci.6.5.1"sv,
                               "pci.8.6.2"sv};

Findings::Entry describe_entry(Findings::Entry entry, const IgnoreVerdict& verdict,
                               const Evidence& evidence) {
  entry.expected("ignored by a .gitignore that is itself tracked")
      .observed(verdict.pattern.empty()
                    ? "no rule matches"
                    : fmt::format("{} {}", verdict.pattern_at.text(), verdict.pattern))
      .from(evidence.repository)
      .at(verdict.pattern_at.path.empty() ? SourceLocation{".gitignore", 0, 0}
                                          : verdict.pattern_at);
  return entry;
}

// A name that was only tried, or an env file in which no secret stands: what
// is not ignored will be committed some day.
bool is_only_a_risk(const IgnoreVerdict& verdict) {
  return !verdict.referenced || (files::is_environment_file(verdict.path) && !verdict.holds_secret);
}

void judge_path(const IgnoreVerdict& verdict, const Evidence& evidence, Findings& findings) {
  const std::string path = printable(verdict.path);
  const Subject subject = Subject::file(verdict.path);
  if (verdict.ignored && (verdict.rules_tracked || !verdict.referenced)) return;
  if (verdict.ignored) {
    describe_entry(
        findings.warn(subject, fmt::format("{} is ignored only by {}, which is not tracked itself",
                                           path, verdict.pattern_at.path)),
        verdict, evidence)
        .remediation(fmt::format("git add {}", verdict.pattern_at.path));
    return;
  }
  std::string message = fmt::format("{} ({}) is not ignored", path, verdict.why);
  if (verdict.ignored_locally_only)
    message += ": only this clone's own excludes cover it";
  else if (!verdict.pattern.empty())
    message += fmt::format(": {} opens it again", verdict.pattern_at.text());
  const Status status = is_only_a_risk(verdict) ? Status::warn : Status::fail;
  describe_entry(findings.add(status, subject, message), verdict, evidence)
      .remediation(fmt::format("echo '/{}' >> .gitignore", path));
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  const Repository* repository = repository_or_unknown(evidence, findings);
  if (repository == nullptr) return;
  if (repository->ignore.empty()) {
    findings.unknown(Subject::repository(), "the ignore rules were not asked",
                     GapReason::not_requested);
    return;
  }
  std::size_t referenced = 0;
  for (const IgnoreVerdict& verdict : repository->ignore) {
    referenced += verdict.referenced ? 1 : 0;
    judge_path(verdict, evidence, findings);
  }
  if (!findings.empty()) return;
  findings
      .pass(Subject::repository(),
            fmt::format("all {} and the usual names of keys and secrets are ignored",
                        counted(referenced, "referenced path", "referenced paths")))
      .expected("every certificate, key and secret path is ignored")
      .from(evidence.repository);
}

}  // namespace

extern const Check version_control_ignore_rules_cover_material;
constexpr Check version_control_ignore_rules_cover_material{
    .info = {.code = "RTA-VCS-004",
             .title = "Ignore rules really cover the TLS material",
             .core = {9},
             .supports = {},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown},
             .needs = {Need::repository, Need::project_files},
             .controls = kControls,
             .remediation = "add to .gitignore:\n.env\n*.p12\n*.pfx\n*.jks\nusers.acl\n*.rdb"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
