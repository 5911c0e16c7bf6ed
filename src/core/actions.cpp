#include "core/actions.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/text.h"
#include "core/rollup.h"
#include "core/wanted_statements.h"

namespace rta {
namespace {

std::string first_sentence(std::string_view text) {
  const std::size_t end = text.find(". ");
  std::string sentence{trim(end == std::string_view::npos ? text : text.substr(0, end + 1))};
  std::ranges::replace(sentence, '\n', ' ');
  std::erase(sentence, '`');  // the page's mark for code
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

// All statements that only a person can make are one thing to do.
void add_statements(const Report& report, std::vector<Action>& actions) {
  const std::vector<WantedStatement> wanted = wanted_statements(report);
  if (wanted.empty()) return;
  std::vector<std::string> kinds;
  for (const WantedStatement& one : wanted) kinds.push_back(one.kind);
  const auto asking =
      static_cast<std::size_t>(std::ranges::count_if(report.findings, asks_for_statement));
  actions.push_back({wanted.front().finding,
                     fmt::format("{} {}: {}", kinds.size(),
                                 kinds.size() == 1 ? "statement is missing" : "statements are missing",
                                 join(kinds, ", ")),
                     "Only a person can say this.",
                     "-o attestations=attestations.toml    writes them as a file to fill in\n"
                     "--attestations attestations.toml     gives it to the next audit",
                     std::max<std::size_t>(asking, 1)});
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
          finding.remediation.empty() || !decides(finding, *report.evidence) ||
          is_left_out(finding, *report.evidence) ||
          asks_for_statement(finding))
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
  add_statements(report, actions);
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
