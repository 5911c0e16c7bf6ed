// The statements that an audit waits for, as a file to fill in. What it cannot
// know stands in angle brackets, which the reader of attestations refuses.
#include <fmt/format.h>

#include <map>
#include <optional>
#include <vector>

#include "base/text.h"
#include "core/rollup.h"
#include "reports/writer.h"

namespace rta {
namespace {

struct Wanted {
  std::vector<std::string> reasons;             // "RTA-AUD-004 (item 12): redis:6379: ..."
  std::map<std::string, std::string> details;   // key, and an example of its value
};

// A remedy that is an attestation:
//   [[attestation]] / kind = "audit-logging" / ... / [attestation.details] / retention = "6 years"
struct Remedy {
  std::string kind;
  std::map<std::string, std::string> details;
};

std::optional<Remedy> remedy_of(const Finding& finding) {
  if (!finding.remediation.starts_with("[[attestation]]")) return std::nullopt;
  Remedy remedy;
  bool in_details = false;
  for (const std::string_view line : split(finding.remediation, '\n')) {
    if (line == "[attestation.details]") in_details = true;
    const std::size_t equals = line.find(" = \"");
    if (equals == std::string_view::npos || !line.ends_with('"')) continue;
    const std::string name{line.substr(0, equals)};
    const std::string value{line.substr(equals + 4, line.size() - equals - 5)};
    if (in_details)
      remedy.details.emplace(name, value);
    else if (name == "kind")
      remedy.kind = value;
  }
  if (remedy.kind.empty()) return std::nullopt;
  return remedy;
}

std::map<std::string, Wanted> wanted_by(const Report& report) {
  std::map<std::string, Wanted> wanted;
  for (const Finding& finding : report.findings) {
    if (finding.status != Status::manual) continue;
    const auto remedy = remedy_of(finding);
    if (!remedy) continue;
    Wanted& one = wanted[remedy->kind];
    const std::string subject = finding.subject.key.empty() ? "" : finding.subject.key + ": ";
    one.reasons.push_back(
        fmt::format("{}: {}{}", finding.check->info.code.text, subject, finding.message));
    one.details.insert(remedy->details.begin(), remedy->details.end());
  }
  for (const ChecklistRow& row : report.checklist) {
    if (row.verdict == Status::pass) continue;
    for (const std::string_view kind : missing_attestations(report, row.item))
      wanted[std::string{kind}].reasons.push_back(
          fmt::format("item {}, {}: waits for an attestation of {}", row.label(), row.title, kind));
  }
  return wanted;
}

// Comments of at most 78 columns; a TOML comment ends at the line's end, and
// what comes from outside holds no control characters after printable().
void add_comment(std::string& text, std::string_view words) {
  std::string line = "#";
  const std::string safe = printable(words, 600);
  for (const std::string_view word : split(safe, ' ')) {
    if (line.size() > 1 && line.size() + 1 + word.size() > 78) {
      text += line + "\n";
      line = "#  ";
    }
    line += " ";
    line += word;
  }
  text += line + "\n";
}

}  // namespace

std::string write_attestations(const Report& report) {
  const auto wanted = wanted_by(report);
  std::string text;
  add_comment(text, fmt::format("Statements that report {} of {} waits for: what only a person can say.",
                                report.run_id, to_rfc3339(report.as_of)));
  if (wanted.empty()) {
    add_comment(text, "None: nothing in this audit waits for an attestation.");
    return text;
  }
  add_comment(text,
              "Fill in what stands in <angle brackets>, remove what is not so, and name this file "
              "to the next audit: --attestations FILE. A statement is good from its date to "
              "expires: 365 days at most, 90 for audit-review.");
  for (const auto& [kind, one] : wanted) {
    text += "\n";
    for (const std::string& reason : one.reasons) add_comment(text, reason);
    text += fmt::format(
        "[[attestation]]\n"
        "kind = \"{}\"\n"
        "targets = [\"*\"]\n"
        "statement = \"<what is so>\"\n"
        "by = \"<name>\"\n"
        "role = \"<role>\"\n"
        "date = \"<YYYY-MM-DD>\"\n"
        "expires = \"<YYYY-MM-DD>\"\n"
        "evidence = [\"<ticket, document or link>\"]\n",
        kind);
    if (!one.details.empty()) text += "[attestation.details]\n";
    for (const auto& [name, example] : one.details)
      text += fmt::format("{} = \"<such as {}>\"\n", name, example);
  }
  return text;
}

}  // namespace rta
