#include <fmt/format.h>
#include <redis_tls_audit/check.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "checks/common/repository.h"
#include "files/keys/key_material.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.a.1"sv, "nist.CM-6"sv, "nist.IA-5.7"sv, "pci.6.5.1"sv,
                               "pci.8.6.2"sv};

// "*.pem (.gitignore:2)", or that none matches.
std::string deciding_rule(const IgnoreVerdict& verdict) {
  if (verdict.pattern.empty()) return "no rule matches";
  std::string text = fmt::format("{} ({})", verdict.pattern, verdict.pattern_at.text());
  if (!verdict.reopened_pattern.empty())
    text += fmt::format(" after {} ({})", verdict.reopened_pattern, verdict.reopened_at.text());
  return text;
}

// A name that was only tried, or an env file in which no secret stands: what
// is not ignored will be committed some day.
bool is_only_a_risk(const IgnoreVerdict& verdict) {
  return !verdict.referenced || (files::is_environment_file(verdict.path) && !verdict.holds_secret);
}

std::string why_not_ignored(const IgnoreVerdict& verdict) {
  if (verdict.ignored_locally_only)
    return fmt::format(": only {} of this clone covers it ({}), which no other clone has",
                       verdict.pattern_at.path, verdict.pattern);
  if (!verdict.reopened_pattern.empty())
    return fmt::format(": {} ({}) opens what {} ({}) ignores", verdict.pattern,
                       verdict.pattern_at.text(), verdict.reopened_pattern,
                       verdict.reopened_at.text());
  if (!verdict.pattern.empty())
    return fmt::format(": {} opens it again", verdict.pattern_at.text());
  if (verdict.other_case_ignored)
    return ": the rules are written in other letters, and case counts on Linux";
  return "";
}

// A rule that opens the path again is the last word, wherever another one is
// added above it.
std::string remedy(const IgnoreVerdict& verdict) {
  if (verdict.pattern.starts_with('!'))
    return fmt::format("delete the line {} ({})", printable(verdict.pattern),
                       verdict.pattern_at.text());
  return ignore_command(verdict.path);
}

void judge_path(const IgnoreVerdict& verdict, const Evidence& evidence, Findings& findings) {
  const std::string path = printable(verdict.path);
  findings
      .add(is_only_a_risk(verdict) ? Status::warn : Status::fail, Subject::file(verdict.path),
           fmt::format("{} ({}) is not ignored{}", path, verdict.why, why_not_ignored(verdict)))
      .expected("ignored by a .gitignore that is itself tracked")
      .observed(deciding_rule(verdict))
      .from(evidence.repository)
      .at(verdict.pattern_at.path.empty() ? SourceLocation{".gitignore", 0, 0} : verdict.pattern_at)
      .remediation(remedy(verdict));
}

// Usual names that lie nowhere yet: one finding for all of them.
void judge_tried_names(const std::vector<const IgnoreVerdict*>& open, const Evidence& evidence,
                       Findings& findings) {
  if (open.empty()) return;
  std::vector<std::string> names;
  std::string lines;
  for (const IgnoreVerdict* verdict : open) {
    names.push_back(verdict->path);
    const std::string name =
        verdict->path.starts_with("x.") ? "*" + verdict->path.substr(1) : verdict->path;
    lines += (lines.empty() ? "" : "\n") + name;
  }
  findings
      .warn(Subject::repository(),
            fmt::format("the rules do not cover {} of keys and secrets: {}",
                        counted(open.size(), "usual name", "usual names"), join(names, ", ")))
      .expected("names of keys, certificates and secrets are ignored before such files exist")
      .observed(join(names, ", "))
      .variant("usual names")
      .from(evidence.repository)
      .at({".gitignore", 0, 0})
      .remediation("add to .gitignore:\n" + lines);
}

// Rules that protect here and do not travel: a .gitignore, or a line in it,
// that is not under version control. Nested ones only warn, and so does a fresh
// line of a tracked file that covers nothing but names that were tried.
void judge_untracked_rules(const std::set<std::string>& tracked_files,
                           const std::map<std::string, std::vector<const IgnoreVerdict*>>& by_file,
                           const Evidence& evidence, Findings& findings) {
  for (const auto& [file, verdicts] : by_file) {
    const IgnoreVerdict& first = *verdicts.front();
    const bool only_tried = std::ranges::none_of(
        verdicts, [](const IgnoreVerdict* verdict) { return verdict->referenced; });
    const bool warns = file.contains('/') || (only_tried && tracked_files.contains(file));
    findings
        .add(warns ? Status::warn : Status::fail, Subject::file(file),
             fmt::format(
                 "{} ignores {}{}, but that rule is not under version control: other clones "
                 "do not have it",
                 first.pattern_at.text(), printable(first.path),
                 verdicts.size() > 1 ? fmt::format(" and {} more", verdicts.size() - 1) : ""))
        .expected("ignored by a .gitignore that is itself tracked")
        .observed(deciding_rule(first))
        .from(evidence.repository)
        .at(first.pattern_at)
        .remediation(fmt::format("git add {} && git commit", shell_word(file)));
  }
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  const Repository* repository = repository_or_unknown(evidence, findings);
  if (repository == nullptr) return;
  if (repository->ignore.empty()) {
    findings.unknown(Subject::repository(), "the ignore rules were not asked",
                     GapReason::not_requested);
    return;
  }
  if (index_is_unknown(*repository, evidence, findings)) return;
  std::size_t referenced = 0;
  std::vector<const IgnoreVerdict*> tried;
  std::map<std::string, std::vector<const IgnoreVerdict*>> untracked;
  std::set<std::string> tracked_files;  // with a rule that counts
  for (const IgnoreVerdict& verdict : repository->ignore) {
    referenced += verdict.referenced ? 1U : 0U;
    if (verdict.ignored) {
      if (verdict.rules_tracked)
        tracked_files.insert(verdict.pattern_at.path);
      else
        untracked[verdict.pattern_at.path].push_back(&verdict);
    } else if (!verdict.referenced && !verdict.exists) {
      tried.push_back(&verdict);
    } else {
      judge_path(verdict, evidence, findings);
    }
  }
  judge_tried_names(tried, evidence, findings);
  judge_untracked_rules(tracked_files, untracked, evidence, findings);
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
