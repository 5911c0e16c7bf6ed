#include "core/actions.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/text.h"
#include "core/rollup.h"

namespace rta {
namespace {

std::string first_sentence(std::string_view text) {
  const std::size_t end = text.find(". ");
  std::string sentence{trim(end == std::string_view::npos ? text : text.substr(0, end + 1))};
  std::ranges::replace(sentence, '\n', ' ');
  return sentence;
}

// "backend@backend/.env: its own parameters fail ...", unless the message says whose.
std::string title_of(const Finding& finding) {
  const std::string& key = finding.subject.key;
  if (key.empty() || finding.message.find(key) != std::string::npos) return finding.message;
  return key + ": " + finding.message;
}

int first_item(const CheckInfo& info) {
  for (int item = 1; item <= kItemCount; ++item)
    if (info.core.has(item) || info.supports.has(item)) return item;
  return kItemCount + 1;
}

// Statements that an item waits for although its checks hold.
void add_missing_statements(const Report& report, std::vector<Action>& actions) {
  for (const ChecklistRow& row : report.checklist) {
    if (row.verdict != Status::manual || !row.required || row.findings.empty()) continue;
    for (const std::string_view kind : missing_attestations(report, row.item)) {
      const std::string line = fmt::format("kind = \"{}\"", kind);
      if (std::ranges::any_of(actions, [&](const Action& action) {
            return action.fix.find(line) != std::string::npos;
          }))
        continue;
      actions.push_back(
          {row.findings.front(),
           fmt::format("item {}, {}: nobody has attested {}", row.label(), row.title, kind),
           "Only a person can say this.",
           fmt::format("[[attestation]]\n{}\ntargets = [\"*\"]\nstatement = \"<what is so>\"\n"
                       "by = \"<name>\"\nrole = \"<role>\"\ndate = \"<YYYY-MM-DD>\"\n"
                       "expires = \"<YYYY-MM-DD>\"",
                       line),
           1});
    }
  }
}

// Where nothing fails: what would let the audit see, or needs a person. One
// action a remedy, the one that opens most first; what cannot be seen comes
// before what has to be said.
std::vector<Action> what_is_open(const Report& report) {
  std::vector<Action> actions;
  for (const Status status : {Status::unknown, Status::manual}) {
    std::vector<Action> open;
    for (std::size_t i = 0; i < report.findings.size(); ++i) {
      const Finding& finding = report.findings[i];
      if (finding.status != status || finding.check->info.core.bits == 0 ||
          finding.remediation.empty() || !decides(finding, *report.evidence))
        continue;
      const auto same = std::ranges::find_if(
          open, [&](const Action& action) { return action.fix == finding.remediation; });
      if (same != open.end())
        ++same->resolves;
      else
        open.push_back({i, title_of(finding),
                        status == Status::unknown ? "What was not seen cannot pass."
                                                  : "Only a person can say this.",
                        finding.remediation, 1});
    }
    std::ranges::stable_sort(open, std::ranges::greater{}, &Action::resolves);
    actions.insert(actions.end(), open.begin(), open.end());
  }
  add_missing_statements(report, actions);
  return actions;
}

}  // namespace

std::string_view page_section(std::string_view page, std::string_view heading) {
  const std::string marker = "\n## " + std::string{heading} + "\n";
  const std::size_t start = page.find(marker);
  if (start == std::string_view::npos) return {};
  const std::string_view body = page.substr(start + marker.size());
  return trim(body.substr(0, body.find("\n## ")));
}

std::vector<Action> what_to_do(const Report& report) {
  std::vector<Action> actions;
  for (std::size_t i = 0; i < report.findings.size(); ++i) {
    const Finding& finding = report.findings[i];
    if (finding.status != Status::fail || !decides(finding, *report.evidence)) continue;
    const auto same_check = std::ranges::find_if(actions, [&](const Action& action) {
      return report.findings[action.finding].check == finding.check;
    });
    if (same_check != actions.end()) {
      ++same_check->resolves;
      continue;
    }
    const std::string_view page = entry_of(*finding.check).page;
    actions.push_back(
        {i, title_of(finding), first_sentence(page_section(page, "Why")), finding.remediation, 1});
  }
  const auto urgency = [&](const Action& action) {
    const Finding& finding = report.findings[action.finding];
    const bool core = finding.check->info.core.bits != 0;
    return std::tuple{-static_cast<int>(finding.severity), !core, first_item(finding.check->info),
                      finding.check->info.code.text};
  };
  std::ranges::stable_sort(actions, {}, urgency);
  return actions.empty() ? what_is_open(report) : actions;
}

}  // namespace rta
