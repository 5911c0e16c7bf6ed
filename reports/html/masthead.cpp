// The first screen: the verdict in words, the counts, what to do first, and
// the thirteen rows.
#include <algorithm>

#include "base/text.h"
#include "reports/common/words.h"
#include "reports/html/sections.h"

namespace rta::reports {
namespace {

constexpr std::size_t kActions = 3;
constexpr std::size_t kLinks = 4;

std::string_view tone_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass:
      return "pass";
    case Outcome::incomplete:
      return "unknown";
    case Outcome::fail:
    case Outcome::error:
      return "fail";
  }
  return "unknown";
}

// The gate's sentence without the verdict that stands in the heading.
std::string lede(const Gate& gate) {
  std::string_view rest = gate.sentence;
  const std::string prefix = fmt::format("{}: ", outcome_word(gate.outcome));
  if (rest.starts_with(prefix)) rest.remove_prefix(prefix.size());
  return sentence(rest);
}

void add_count(Dictionary& page, std::string_view tone, std::string_view icon, std::size_t number,
               std::string_view word) {
  Dictionary& count = add(page, "COUNT");
  put(count, "TONE", tone);
  put(count, "ICON", icon);
  put(count, "NUMBER", number);
  put(count, "WORD", word);
  if (number == 0) count.ShowSection("ZERO");
}

void fill_row(Dictionary& page, const Subjects& subjects, const ChecklistRow& row) {
  Dictionary& line = add(page, "ROW");
  const std::string label = item_label(row.item);
  put(line, "ITEM", label);
  put(line, "ANCHOR", row.item == kItemS ? "S" : fmt::format("{:02}", row.item));
  put(line, "TITLE", row.title);
  put(line, "HIPAA", row.hipaa);
  put(line, "SENTENCE", sentence(row.sentence));
  put_chip(line, row.verdict);
  if (row.verdict == Status::pass && row.grade < Grade::effective)
    add_text(line, "NOTE", fmt::format("({})", name_of(row.grade)));
  if (!row.required) add_text(line, "NOTE", "(does not decide)");
  std::vector<std::string_view> shown;
  for (const std::size_t index : row.findings) {
    const std::string_view code = subjects.report.findings[index].check->info.code.text;
    if (std::ranges::find(shown, code) != shown.end()) continue;
    shown.push_back(code);
    if (shown.size() > kLinks) continue;
    Dictionary& link = add(line, "LINK");
    put(link, "ID", subjects.ids[index]);
    put(link, "CODE", code.substr(code.find('-') + 1));
  }
  if (shown.empty()) line.ShowSection("NO_LINK");
  if (shown.size() > kLinks) put(add(line, "MORE"), "NUMBER", shown.size() - kLinks);
}

}  // namespace

std::string_view verdict_word(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass:
      return "PASS";
    case Outcome::fail:
      return "FAIL";
    case Outcome::incomplete:
      return "INCOMPLETE";
    case Outcome::error:
      return "ERROR";
  }
  return "ERROR";
}

void fill_masthead(Dictionary& page, const Subjects& subjects) {
  const Report& report = subjects.report;
  put(page, "TONE", tone_of(report.gate.outcome));
  put(page, "VERDICT_WORD", verdict_word(report.gate.outcome));
  put(page, "VERDICT", outcome_word(report.gate.outcome));
  put(page, "SENTENCE", lede(report.gate));
  const std::vector<std::string> names = audited(*report.evidence);
  for (const std::string& name : names) put(add(page, "AUDITED"), "NAME", name);
  if (names.empty()) put(add(page, "AUDITED"), "NAME", "nothing was named");
  put(page, "AS_OF", instant_text(report.as_of));
  if (const std::string before = scan_before(*report.evidence); !before.empty())
    add_text(page, "SCAN_BEFORE", before);
  put(page, "PROFILE", report.policy->profile);
  put(page, "PROFILE_TITLE", report.policy->title);
  put(page, "TOOL_VERSION", report.tool_version);
  put(page, "RUN_ID", report.run_id);
  put(page, "ITEM_COUNT", report.checklist.size());
  const StatusCounts& items = report.items;
  add_count(page, "fail", "fail", items.fail, "fail");
  add_count(page, "unknown", "unknown", items.unknown, "not determined");
  add_count(page, "manual", "manual", items.manual, "need a person");
  add_count(page, "warn", "warn", items.warn, "warning");
  add_count(page, "pass", "pass", items.pass, "pass");
  add_count(page, "not_applicable", "waived", items.waived, "waived");
  std::string note = fmt::format("Of {} checklist items, from {}.", report.checklist.size(),
                                 counted(report.findings.size(), "result"));
  if (items.not_applicable > 0)
    note +=
        fmt::format(" {} not applicable.", counted(items.not_applicable, "item is", "items are"));
  if (!report.gate.complete) note += " The audit is not complete: see the items without a verdict.";
  put(page, "TALLY_NOTE", note);
}

void fill_actions(Dictionary& page, const Subjects& subjects) {
  const Report& report = subjects.report;
  if (report.actions.empty()) {
    add_text(page, "NO_ACTIONS",
             report.gate.outcome == Outcome::pass
                 ? "Nothing fails. Keep the rotation and the next audit in the calendar."
                 : "Nothing fails. What is missing stands in the checklist: items that are not "
                   "determined or need a person.");
    return;
  }
  Dictionary& list = add(page, "HAS_ACTIONS");
  for (std::size_t i = 0; i < std::min(kActions, report.actions.size()); ++i) {
    const Action& action = report.actions[i];
    Dictionary& entry = add(list, "ACTION");
    put(entry, "TITLE", action.title);
    put(entry, "WHY", sentence(action.why));
    if (!action.fix.empty()) put_lines(add(entry, "FIX"), "TEXT", action.fix);
    put(entry, "ID", subjects.ids[action.finding]);
    put(entry, "CODE", report.findings[action.finding].check->info.code.text);
    if (action.resolves > 1) put(add(entry, "RESOLVES"), "NUMBER", action.resolves);
  }
  if (report.actions.size() > kActions)
    add_text(page, "MORE_ACTIONS",
             fmt::format("{} more to do; each stands under Findings with its fix.",
                         counted(report.actions.size() - kActions, "thing")));
}

void fill_checklist(Dictionary& page, const Subjects& subjects) {
  for (const ChecklistRow& row : subjects.report.checklist) fill_row(page, subjects, row);
}

}  // namespace rta::reports
