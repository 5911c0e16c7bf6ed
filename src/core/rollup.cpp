#include "core/rollup.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "core/checklist.h"

namespace rta {
namespace {

// The results that an item is decided by, as indices into report.findings.
struct Deciding {
  std::vector<std::size_t> core;
  std::vector<std::size_t> others;
  std::vector<std::size_t> shown;  // beside the point: they decide nothing here
};

Deciding deciding_findings(const Report& report, int item) {
  Deciding chosen;
  for (std::size_t i = 0; i < report.findings.size(); ++i) {
    const Finding& finding = report.findings[i];
    if (!concerns(finding, item)) continue;
    const bool core = finding.check->info.core.has(item);
    if (!core && !finding.check->info.supports.has(item)) continue;
    const bool counts =
        decides(finding, *report.evidence) && !is_left_out(finding, *report.evidence);
    (!counts ? chosen.shown : core ? chosen.core : chosen.others).push_back(i);
  }
  return chosen;
}

std::vector<std::size_t> with_status(const Report& report, const std::vector<std::size_t>& from,
                                     Status status) {
  std::vector<std::size_t> chosen;
  for (const std::size_t i : from)
    if (report.findings[i].status == status && report.findings[i].severity != Severity::info)
      chosen.push_back(i);
  // The most severe speaks for the row.
  std::ranges::stable_sort(chosen, std::ranges::greater{},
                           [&](std::size_t i) { return report.findings[i].severity; });
  return chosen;
}

std::vector<std::string> missing_core_checks(const Report& report, const ChecklistItem& item) {
  std::vector<std::string> missing;
  for (const std::string_view code : item.core) {
    const bool ran =
        std::ranges::any_of(report.checks, [&](const CheckRun& run) { return run.code == code; });
    if (!ran) missing.emplace_back(code);
  }
  return missing;
}

std::string told(const Report& report, const std::vector<std::size_t>& findings) {
  const Finding& first = report.findings[findings.front()];
  // The message may say whom it is about by itself.
  const std::string& key = first.subject.key;
  const bool says_whom = key.empty() || first.message.find(key) != std::string::npos;
  std::string sentence =
      says_whom ? first.message : fmt::format("{}: {}", first.subject.text(), first.message);
  if (findings.size() > 1) sentence += fmt::format(" (and {} more)", findings.size() - 1);
  return sentence;
}

void put_first(std::vector<std::size_t>& all, const std::vector<std::size_t>& first) {
  std::ranges::stable_partition(all,
                                [&](std::size_t i) { return std::ranges::count(first, i) > 0; });
}

// The strongest grade among the passing core results, if there is one.
std::optional<Grade> strongest_pass(const Report& report, const std::vector<std::size_t>& core) {
  std::optional<Grade> best;
  for (const std::size_t i : core) {
    const Finding& finding = report.findings[i];
    if (finding.status != Status::pass) continue;
    if (!best || finding.grade > *best) best = finding.grade;
  }
  return best;
}

// Core results that would have needed what the checkout does not hold.
std::string left_to_others(const Report& report, const Deciding& deciding, int item) {
  const auto count = std::ranges::count_if(deciding.shown, [&](std::size_t i) {
    const Finding& finding = report.findings[i];
    return finding.check->info.core.has(item) && is_left_out(finding, *report.evidence);
  });
  if (count == 0) return {};
  return fmt::format("; {} on what is kept out of the checkout {} not judged here",
                     counted(static_cast<std::size_t>(count), "result"),
                     count == 1 ? "is" : "are");
}

// An item may be required only where the checkout holds something of it.
bool is_required(const Report& report, const Deciding& deciding, int item) {
  const CoverageRule& rule = coverage_rule(*report.evidence, *report.policy);
  if (rule.items.contains(item)) return true;
  return rule.items_if_seen.contains(item) &&
         std::ranges::any_of(deciding.core, [&](std::size_t i) {
           return report.findings[i].status != Status::not_applicable;
         });
}

void decide_pass(ChecklistRow& row, const Report& report, const std::vector<std::size_t>& core) {
  const auto best = strongest_pass(report, core);
  // A rehearsal may decide where nothing else can be asked; decides() has
  // left its findings out everywhere else.
  const bool rehearsal_counts = !report.evidence->has_live_endpoint();
  Grade needed = coverage_rule(*report.evidence, *report.policy).min_grade;
  if (rehearsal_counts) needed = std::min(needed, Grade::rehearsed);
  if (!best) {
    row.verdict = Status::unknown;
    row.sentence = "nothing was seen that could decide this item";
  } else if (*best < needed) {
    row.verdict = Status::unknown;
    row.sentence =
        fmt::format("everything seen holds, but only as {}: nothing was {} yet", name_of(*best),
                    needed == Grade::observed ? "observed" : "tried on a server");
  } else {
    row.verdict = Status::pass;
    row.grade = *best;
    const auto passes = with_status(report, core, Status::pass);
    row.sentence = fmt::format("{} hold", counted(passes.size(), "core result"));
    if (passes.size() == 1) row.sentence = "1 core result holds";
    row.sentence += fmt::format("; strongest evidence: {}", name_of(*best));
  }
}

}  // namespace

bool decides(const Finding& finding, const Evidence& evidence) {
  const bool rehearsed = finding.subject.kind == SubjectKind::endpoint
                             ? finding.subject.key.starts_with("rehearsal:")
                             : finding.grade == Grade::rehearsed;
  return !rehearsed || evidence.scope.ci || !evidence.has_live_endpoint();
}

bool is_left_out(const Finding& finding, const Evidence& evidence) {
  return evidence.scope.ci && finding.status == Status::unknown &&
         finding.reason == GapReason::left_out;
}

bool concerns(const Finding& finding, int item) {
  if (finding.subject.kind != SubjectKind::consumer) return true;
  if (item == 5) return finding.subject.role == ConsumerRole::backend;
  if (item == 6) return finding.subject.role == ConsumerRole::worker;
  return true;
}

std::vector<std::string_view> missing_attestations(const Report& report, int number) {
  const ChecklistItem& item = checklist_items()[static_cast<std::size_t>(number - 1)];
  std::vector<std::string_view> missing;
  if (!report.policy->items_needing_attestation.contains(item.number)) return missing;
  for (const std::string_view kind : item.attestations)
    if (report.evidence->attestation(std::string{kind}) == nullptr) missing.push_back(kind);
  return missing;
}

const CoverageRule& coverage_rule(const Evidence& evidence, const Policy& policy) {
  return evidence.scope.ci || evidence.scope.offline ? policy.coverage_ci : policy.coverage;
}

ChecklistRow roll_up(const Report& report, int number) {
  const ChecklistItem& item = checklist_items()[static_cast<std::size_t>(number - 1)];
  const Deciding deciding = deciding_findings(report, number);
  ChecklistRow row;
  row.item = number;
  row.title = item.title;
  row.hipaa = item.hipaa;
  row.required = is_required(report, deciding, number);
  row.findings = deciding.core;
  row.findings.insert(row.findings.end(), deciding.others.begin(), deciding.others.end());
  row.findings.insert(row.findings.end(), deciding.shown.begin(), deciding.shown.end());
  row.missing_checks = missing_core_checks(report, item);

  const auto fails = with_status(report, deciding.core, Status::fail);
  const auto unknowns = with_status(report, deciding.core, Status::unknown);
  const auto manuals = with_status(report, deciding.core, Status::manual);
  auto warns = with_status(report, deciding.core, Status::warn);
  const auto side_fails = with_status(report, deciding.others, Status::fail);
  const auto unattested = missing_attestations(report, number);
  warns.insert(warns.end(), side_fails.begin(), side_fails.end());

  if (!fails.empty()) {
    row.verdict = Status::fail;
    row.sentence = told(report, fails);
    put_first(row.findings, fails);
  } else if (!unknowns.empty()) {
    row.verdict = Status::unknown;
    row.sentence = told(report, unknowns);
    put_first(row.findings, unknowns);
  } else if (!row.missing_checks.empty()) {
    row.verdict = Status::unknown;
    row.sentence = "core checks did not run: " + join(row.missing_checks, ", ");
  } else if (!manuals.empty()) {
    row.verdict = Status::manual;
    row.sentence = told(report, manuals);
    put_first(row.findings, manuals);
  } else if (!unattested.empty()) {
    row.verdict = Status::manual;
    row.sentence = fmt::format("what only a person can say is missing: an attestation of {}",
                               fmt::join(unattested, " and of "));
  } else if (!warns.empty()) {
    row.verdict = Status::warn;
    row.sentence = told(report, warns);
    put_first(row.findings, warns);
  } else {
    decide_pass(row, report, deciding.core);
  }
  if (row.verdict != Status::fail)
    row.sentence += left_to_others(report, deciding, number);
  return row;
}

}  // namespace rta
