// The statements that an audit waits for, as a file to fill in. What it cannot
// know stands in angle brackets, which the reader of attestations refuses.
#include <fmt/format.h>

#include <vector>

#include "base/text.h"
#include "core/wanted_statements.h"
#include "reports/writer.h"

namespace rta {
namespace {

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
  const std::vector<WantedStatement> wanted = wanted_statements(report);
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
  for (const WantedStatement& one : wanted) {
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
        one.kind);
    if (!one.details.empty()) text += "[attestation.details]\n";
    for (const auto& [name, example] : one.details)
      text += fmt::format("{} = \"<such as {}>\"\n", name, example);
  }
  return text;
}

}  // namespace rta
