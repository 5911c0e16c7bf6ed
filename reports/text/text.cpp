// The report for a terminal: what was audited, the verdict, thirteen rows,
// what to do first, the findings that need somebody, and the RESULT line.
#include <algorithm>
#include <map>
#include <span>

#include "base/text.h"
#include "reports/common/words.h"
#include "reports/text/page.h"
#include "reports/writer.h"

namespace rta {
namespace {

using reports::Page;
using reports::Tone;

constexpr std::size_t kActions = 5;
constexpr std::size_t kBriefly = 12;  // findings of the lesser lists
constexpr std::size_t kFailuresOfOneCheck = 20;

Tone tone_of(Status status) {
  switch (status) {
    case Status::pass:
      return Tone::green;
    case Status::warn:
      return Tone::yellow;
    case Status::fail:
      return Tone::red;
    case Status::manual:
      return Tone::cyan;
    case Status::unknown:
      return Tone::magenta;
    case Status::not_applicable:
      return Tone::dim;
  }
  return Tone::plain;
}

Tone tone_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass:
      return Tone::green;
    case Outcome::fail:
    case Outcome::error:
      return Tone::red;
    case Outcome::incomplete:
      return Tone::magenta;
  }
  return Tone::plain;
}

std::string symbol(Status status, bool unicode) {
  switch (status) {
    case Status::pass:
      return unicode ? "✓" : "+";
    case Status::warn:
      return "!";
    case Status::fail:
      return unicode ? "✗" : "x";
    case Status::manual:
      return unicode ? "○" : "o";
    case Status::unknown:
      return "?";
    case Status::not_applicable:
      return "-";
  }
  return " ";
}

std::string_view short_word(Status status) {
  switch (status) {
    case Status::fail:
      return "FAIL";
    case Status::not_applicable:
      return "n/a";
    case Status::pass:
    case Status::warn:
    case Status::manual:
    case Status::unknown:
      return name_of(status);
  }
  return "?";
}

void write_header(Page& page, const Report& report) {
  constexpr std::size_t kColumn = 10;
  const Evidence& evidence = *report.evidence;
  page.paragraph(0, "Redis TLS audit", Tone::bold);
  std::string_view label = "Audited";
  for (const std::string& name : reports::audited(evidence)) {
    page.labelled(0, label, kColumn, name);
    label = "";
  }
  if (!label.empty()) page.labelled(0, label, kColumn, "nothing was named");
  page.labelled(0, "Profile", kColumn, report.policy->profile + ": " + report.policy->title);
  page.labelled(0, "As of", kColumn,
                to_rfc3339(report.as_of) + ", redis-tls-audit " + report.tool_version);
  if (const std::string before = reports::scan_before(evidence); !before.empty())
    page.labelled(0, "Before", kColumn, before);
}

void write_rows(Page& page, const Report& report) {
  page.heading("Checklist");
  for (const ChecklistRow& row : report.checklist) {
    const std::string item = fmt::format("{:>2}", reports::item_label(row.item));
    const std::string verdict = fmt::format(
        "{}  {} {:<7}", item, symbol(row.verdict, page.unicode()), short_word(row.verdict));
    std::string title = row.title + reports::grade_suffix(row);
    if (!row.required) title += " (does not decide)";
    page.labelled(1, verdict, 15, title, tone_of(row.verdict), Tone::bold);
    page.paragraph(15, row.sentence, row.verdict == Status::pass ? Tone::dim : Tone::plain);
  }
}

void write_actions(Page& page, const Report& report) {
  if (report.actions.empty()) return;
  page.heading("What to do first");
  for (std::size_t i = 0; i < std::min(kActions, report.actions.size()); ++i) {
    const Action& action = report.actions[i];
    std::string title = action.title;
    if (action.resolves > 1) title += fmt::format(" (settles {} findings)", action.resolves);
    page.labelled(1, fmt::format("{}.", i + 1), 4, title, Tone::bold, Tone::bold);
    page.paragraph(4, action.why);
    page.code(6, action.fix);
  }
}

using Group = std::pair<const Check*, std::vector<const Finding*>>;

// Findings of one status by check, the most severe check first.
std::vector<Group> grouped(const Report& report, Status status) {
  std::vector<Group> groups;
  for (const Finding& finding : report.findings) {
    if (finding.status != status) continue;
    if (groups.empty() || groups.back().first != finding.check)
      groups.emplace_back(finding.check, std::vector<const Finding*>{});
    groups.back().second.push_back(&finding);
  }
  std::ranges::stable_sort(groups, std::greater{}, [](const Group& group) {
    Severity worst = Severity::info;
    for (const Finding* finding : group.second) worst = std::max(worst, finding->severity);
    return worst;
  });
  return groups;
}

std::string items_text(const CheckInfo& info) {
  std::vector<std::string> labels;
  for (const int item : reports::items_of(info)) labels.push_back(reports::item_label(item));
  return fmt::format("{} {}", labels.size() == 1 ? "item" : "items", join(labels, ", "));
}

// Where in the project the finding can be mended: its own place, else that of
// the configuration behind a rehearsed server.
SourceLocation place_in_project(const Report& report, const Finding& finding) {
  if (!finding.source.location.path.empty()) return finding.source.location;
  const Endpoint* endpoint = report.evidence->endpoint(
      finding.subject.kind == SubjectKind::endpoint ? finding.subject.key : finding.source.endpoint);
  if (endpoint == nullptr || endpoint->kind != EndpointKind::rehearsal) return {};
  for (const RedisConfiguration& conf : report.evidence->redis_configurations)
    if (conf.source == endpoint->rehearsed_source)
      return conf.directives.empty() ? conf.where("") : conf.directives.front().location;
  return {};
}

void write_failure(Page& page, const Report& report, const Finding& finding) {
  constexpr std::size_t kColumn = 15;
  std::string where = reports::subject_words(finding.subject);
  const SourceLocation in_project = place_in_project(report, finding);
  if (const std::string place =
          in_project.path.empty() ? reports::place_of(finding) : in_project.text();
      place.starts_with(where))
    where = place;
  else if (!place.empty())
    where += fmt::format(" at {}", place);
  page.paragraph(4, where, Tone::bold);
  page.paragraph(6, finding.message);
  if (!finding.expected.empty()) page.labelled(6, "expected", kColumn, finding.expected);
  if (!finding.observed.empty()) page.labelled(6, "observed", kColumn, finding.observed);
}

void write_failures(Page& page, const Report& report) {
  const std::vector<Group> groups = grouped(report, Status::fail);
  if (groups.empty()) return;
  page.heading(fmt::format("Failures ({})", report.results.fail));
  for (const auto& [check, findings] : groups) {
    page.labelled(1, symbol(Status::fail, page.unicode()), 3,
                  fmt::format("{} {} ({}, {}; {})", check->info.code.text,
                              reports::check_name(report, *findings.front()),
                              name_of(findings.front()->severity), items_text(check->info),
                              counted(findings.size(), "finding")),
                  Tone::red, Tone::red);
    std::vector<std::string> fixes;
    const std::size_t shown = std::min(findings.size(), kFailuresOfOneCheck);
    for (const Finding* finding : std::span{findings}.first(shown)) {
      write_failure(page, report, *finding);
      if (!finding->remediation.empty() &&
          std::ranges::find(fixes, finding->remediation) == fixes.end())
        fixes.push_back(finding->remediation);
    }
    if (shown < findings.size())
      page.paragraph(4, fmt::format("and {} more; the JSON and HTML reports list them",
                                    findings.size() - shown),
                     Tone::dim);
    for (const std::string& fix : fixes) {
      page.paragraph(4, "Fix", Tone::dim);
      page.code(6, fix);
    }
  }
}

// "RTA-AUD-002 rehearsal:redis.conf at redis.conf:12: loglevel is notice". A
// place that the sentence itself names is not said twice.
std::string brief_words(const Report& report, const Finding& finding) {
  std::string where = reports::subject_words(finding.subject);
  const SourceLocation place = place_in_project(report, finding);
  if (!place.path.empty() && finding.message.find(place.text()) == std::string::npos) {
    if (place.text().starts_with(where))
      where = place.text();
    else
      where += " at " + place.text();
  }
  return fmt::format("{} {}: {}", finding.check->info.code.text, where, finding.message);
}

// The lesser lists: one sentence a finding.
void write_brief(Page& page, const Report& report, Status status, std::string_view title) {
  std::size_t left = 0;
  std::size_t written = 0;
  for (const auto& [check, findings] : grouped(report, status)) {
    for (const Finding* finding : findings) {
      if (finding->severity == Severity::info) continue;
      if (written == 0) page.heading(title);
      if (++written > kBriefly) {
        ++left;
        continue;
      }
      page.labelled(1, symbol(status, page.unicode()), 3, brief_words(report, *finding), tone_of(status));
      if (status != Status::warn && !finding->remediation.empty())
        page.code(6, finding->remediation);
    }
  }
  if (left > 0)
    page.paragraph(3, fmt::format("and {} more; the JSON and HTML reports list them", left),
                   Tone::dim);
}

void write_footer(Page& page, const Report& report) {
  const StatusCounts& all = report.results;
  page.heading("Summary");
  page.labelled(
      1, "Results", 12,
      fmt::format("{} pass, {} warn, {} fail, {} manual, {} unknown, {} n/a, {} waived", all.pass,
                  all.warn, all.fail, all.manual, all.unknown, all.not_applicable, all.waived));
  for (const Gap& note : report.evidence->scope.notes)
    page.labelled(1, "Left out", 12,
                  note.remedy.empty() ? note.detail : note.detail + "; " + note.remedy);
  const Footprint& cost = report.footprint;
  page.labelled(
      1, "Footprint", 12,
      fmt::format("{}, {}, {}, {} sent, {} received, {:.1f} s; {} expected in the server's log",
                  counted(cost.connections, "connection"),
                  counted(cost.handshakes_completed, "complete handshake"),
                  counted(cost.commands, "command"), reports::size_text(cost.bytes_sent),
                  reports::size_text(cost.bytes_received),
                  static_cast<double>(cost.milliseconds) / 1000,
                  counted(cost.expected_log_lines, "warning")));
  page.labelled(1, "Report", 12, report.run_id);
  page.blank();
}

}  // namespace

std::string write_text(const Report& report, const TextStyle& style) {
  Page page{style};
  write_header(page, report);
  page.blank();
  page.paragraph(0, report.gate.sentence, tone_of(report.gate.outcome));
  write_rows(page, report);
  write_actions(page, report);
  write_failures(page, report);
  write_brief(page, report, Status::unknown, "Not determined");
  write_brief(page, report, Status::manual, "Waiting for a person");
  if (report.results.manual + report.items.manual > 0)
    page.paragraph(1, "-o attestations=FILE writes all that is to be attested as one file to fill in",
                   Tone::dim);
  write_brief(page, report, Status::warn, "Warnings");
  write_footer(page, report);
  page.raw(report.result_line());
  return std::move(page).take();
}

}  // namespace rta
