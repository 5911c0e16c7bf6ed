#include "core/wanted_statements.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "core/rollup.h"

namespace rta {
namespace {

// A remedy that is an attestation:
//   [[attestation]] / kind = "audit-logging" / ... / [attestation.details] / retention = "6 years"
struct Remedy {
  std::string kind;
  std::map<std::string, std::string> details;
};

Remedy remedy_of(const Finding& finding) {
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
  return remedy;
}

WantedStatement& of_kind(std::vector<WantedStatement>& wanted, const std::string& kind,
                         std::size_t finding) {
  const auto found = std::ranges::find(wanted, kind, &WantedStatement::kind);
  if (found != wanted.end()) return *found;
  return wanted.emplace_back(WantedStatement{kind, {}, {}, finding});
}

}  // namespace

bool asks_for_statement(const Finding& finding) {
  return finding.status == Status::manual && finding.remediation.starts_with("[[attestation]]");
}

std::vector<WantedStatement> wanted_statements(const Report& report) {
  std::vector<WantedStatement> wanted;
  for (std::size_t i = 0; i < report.findings.size(); ++i) {
    const Finding& finding = report.findings[i];
    if (!asks_for_statement(finding)) continue;
    const Remedy remedy = remedy_of(finding);
    if (remedy.kind.empty()) continue;
    WantedStatement& one = of_kind(wanted, remedy.kind, i);
    const std::string subject = finding.subject.key.empty() ? "" : finding.subject.key + ": ";
    one.reasons.push_back(
        fmt::format("{}: {}{}", finding.check->info.code.text, subject, finding.message));
    one.details.insert(remedy.details.begin(), remedy.details.end());
  }
  for (const ChecklistRow& row : report.checklist) {
    if (row.verdict == Status::pass) continue;
    for (const std::string_view kind : missing_attestations(report, row.item))
      of_kind(wanted, std::string{kind}, row.findings.empty() ? 0 : row.findings.front())
          .reasons.push_back(fmt::format("item {}, {}: waits for an attestation of {}", row.label(),
                                         row.title, kind));
  }
  std::ranges::sort(wanted, {}, &WantedStatement::kind);
  return wanted;
}

}  // namespace rta
