// Findings: failures first, one folding block a check.
#include <algorithm>

#include "base/text.h"
#include "reports/common/words.h"
#include "reports/html/sections.h"

namespace rta::reports {
namespace {

struct GroupText {
  Status status;
  const char* anchor;
  const char* title;
  const char* intro;
  bool open;
};

constexpr std::array kGroups{
    GroupText{Status::fail, "failures", "Failures", "", true},
    GroupText{Status::unknown, "not-determined", "Not determined",
              "These could not be seen. They count neither as pass nor as failure.", false},
    GroupText{Status::manual, "needs-a-person", "Waiting for a person",
              "No machine can tell these; a dated attestation completes them.", false},
    GroupText{Status::warn, "warnings", "Warnings and notes", "", false},
    GroupText{Status::pass, "passed", "Passed", "", false},
    GroupText{Status::not_applicable, "not-applicable", "Not applicable", "", false}};

using Indices = std::vector<std::size_t>;

// Findings of one status, one list a check, the most severe first.
std::vector<Indices> by_check(const Report& report, Status status) {
  std::vector<Indices> lists;
  for (std::size_t i = 0; i < report.findings.size(); ++i) {
    const Finding& finding = report.findings[i];
    if (finding.status != status) continue;
    const bool same =
        !lists.empty() && report.findings[lists.back().front()].check == finding.check;
    if (!same) lists.emplace_back();
    lists.back().push_back(i);
  }
  std::ranges::stable_sort(lists, std::greater{}, [&](const Indices& list) {
    Severity worst = Severity::info;
    for (const std::size_t i : list) worst = std::max(worst, report.findings[i].severity);
    return worst;
  });
  return lists;
}

std::string source_text(const Finding& finding) {
  std::vector<std::string> parts;
  if (const std::string place = place_of(finding); !place.empty()) parts.push_back(place);
  if (!finding.source.method.empty()) parts.push_back(finding.source.method);
  if (parts.empty() && !finding.source.collector.empty()) parts.push_back(finding.source.collector);
  return parts.empty() ? "what was collected as a whole" : join(parts, " · ");
}

void fill_finding(Dictionary& block, const Subjects& subjects, std::size_t index) {
  const Finding& finding = subjects.report.findings[index];
  Dictionary& entry = add(block, "FINDING");
  put(entry, "ID", subjects.ids[index]);
  std::string about = subject_words(finding.subject);
  if (!finding.variant.empty()) about += " · " + finding.variant;
  put(entry, "ABOUT", about);
  put(entry, "MESSAGE", sentence(finding.message));
  add_text(entry, "EXPECTED", finding.expected);
  add_text(entry, "OBSERVED", finding.observed);
  put(entry, "SOURCE", source_text(finding));
  std::string grade{grade_words(finding.grade)};
  if (finding.status == Status::unknown) grade = fmt::format("none ({})", name_of(finding.reason));
  put(entry, "GRADE", grade);
  if (finding.status == Status::pass || finding.remediation.empty()) return;
  Dictionary& fix = add(entry, "FIX");
  put(fix, "LABEL",
      finding.status == Status::unknown  ? "To see it"
      : finding.status == Status::manual ? "To complete it"
                                         : "Fix");
  put_lines(fix, "TEXT", finding.remediation);
}

void fill_block(Dictionary& group, const Subjects& subjects, const Indices& list, bool open) {
  const Finding& first = subjects.report.findings[list.front()];
  const CheckInfo& info = first.check->info;
  Dictionary& block = add(group, "CHECK");
  put_chip(block, first.status);
  if (first.status == Status::warn && first.severity == Severity::info) put(block, "WORD", "Note");
  put(block, "TITLE", info.title);
  put(block, "CODE", info.code.text);
  if (first.status == Status::fail || first.status == Status::warn)
    add_text(block, "SEVERITY", name_of(first.severity));
  add_text(
      block, "SUBJECTS",
      list.size() > 1 ? fmt::format("{} subjects", list.size()) : subject_words(first.subject));
  put(block, "ITEMS", items_phrase(info));
  std::vector<std::string> controls{info.controls.begin(), info.controls.end()};
  add_text(block, "CONTROLS", join(controls, ", "));
  if (open) block.ShowSection("OPEN");
  for (const std::size_t index : list) fill_finding(block, subjects, index);
}

// Passes and the like: one row a finding.
void fill_table(Dictionary& group, const Subjects& subjects, const GroupText& text,
                const std::vector<Indices>& lists) {
  Dictionary& table = add(group, "TABLE");
  put_chip(table, text.status);
  std::size_t count = 0;
  for (const Indices& list : lists) count += list.size();
  put(table, "CAPTION",
      fmt::format("{} of {}", counted(count, "result"), counted(lists.size(), "check")));
  for (const Indices& list : lists) {
    for (const std::size_t index : list) {
      const Finding& finding = subjects.report.findings[index];
      Dictionary& row = add(table, "SEEN");
      put(row, "ID", subjects.ids[index]);
      put(row, "TITLE", finding.check->info.title);
      put(row, "CODE", finding.check->info.code.text);
      put(row, "ABOUT", subject_words(finding.subject));
      put(row, "MESSAGE", sentence(finding.message));
      add_text(row, "OBSERVED", finding.observed);
      put(row, "SOURCE", source_text(finding));
      put(row, "GRADE", grade_words(finding.grade));
    }
  }
}

std::string counts_text(const StatusCounts& counts) {
  return fmt::format(
      "{} fail, {} not determined, {} waiting for a person, {}, {} pass, {} not applicable",
      counts.fail, counts.unknown, counts.manual,
      counted(counts.warn, "warning or note", "warnings and notes"), counts.pass,
      counts.not_applicable);
}

}  // namespace

void fill_findings(Dictionary& page, const Subjects& subjects) {
  put(page, "RESULT_COUNTS", counts_text(subjects.report.results));
  for (const GroupText& text : kGroups) {
    const std::vector<Indices> lists = by_check(subjects.report, text.status);
    if (lists.empty()) continue;
    Dictionary& group = add(page, "GROUP");
    put(group, "ANCHOR", text.anchor);
    put(group, "TITLE", fmt::format("{} ({})", text.title, counted(lists.size(), "check")));
    add_text(group, "INTRO", text.intro);
    if (text.status == Status::pass || text.status == Status::not_applicable) {
      fill_table(group, subjects, text, lists);
      continue;
    }
    for (const Indices& list : lists) fill_block(group, subjects, list, text.open);
  }
}

}  // namespace rta::reports
