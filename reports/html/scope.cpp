// Scope and limits, attestations, and the appendix.
#include <algorithm>

#include "base/text.h"
#include "reports/common/words.h"
#include "reports/html/sections.h"

namespace rta::reports {
namespace {

std::string_view reason_words(GapReason reason) {
  switch (reason) {
    case GapReason::not_requested:
      return "not asked for";
    case GapReason::not_found:
      return "does not exist";
    case GapReason::unreachable:
      return "unreachable";
    case GapReason::refused:
      return "connection refused";
    case GapReason::reset:
      return "connection reset";
    case GapReason::timed_out:
      return "no answer in time";
    case GapReason::denied:
      return "permission missing";
    case GapReason::malformed:
      return "not understandable";
    case GapReason::unsupported:
      return "not supported";
    case GapReason::outside_scope:
      return "outside the scope";
    case GapReason::left_out:
      return "kept out of the checkout";
    case GapReason::too_large:
      return "too large";
    case GapReason::incomplete:
      return "not complete";
    case GapReason::internal_error:
      return "error of this program";
  }
  return "?";
}

void add_gap(std::vector<std::pair<std::string, Gap>>& gaps, std::string what, const Gap* gap) {
  if (gap != nullptr) gaps.emplace_back(std::move(what), *gap);
}

std::vector<std::pair<std::string, Gap>> gaps_of(const Evidence& evidence) {
  std::vector<std::pair<std::string, Gap>> gaps;
  for (const Gap& note : evidence.scope.notes) add_gap(gaps, "", &note);
  for (const Endpoint& endpoint : evidence.endpoints) {
    add_gap(gaps, endpoint.key + ", port: ", endpoint.port_answer.gap());
    add_gap(gaps, endpoint.key + ", TLS: ", endpoint.tls.gap());
    add_gap(gaps, endpoint.key + ", certificates: ", endpoint.chain.gap());
    add_gap(gaps, endpoint.key + ", Redis commands: ", endpoint.redis.gap());
  }
  add_gap(gaps, "Compose file: ", evidence.compose.gap());
  add_gap(gaps, "Repository: ", evidence.repository.gap());
  return gaps;
}

void fill_facts(Dictionary& page, const Report& report) {
  constexpr const char* kFact = "SCOPE_FACT";
  const Evidence& evidence = *report.evidence;
  const Scope& scope = evidence.scope;
  add_fact(page, kFact, "Asked for",
           scope.targets.empty() ? "what the project names" : join(scope.targets, ", "));
  add_fact(page, kFact, "Vantage point",
           scope.offline ? "files only; nothing was dialled"
           : scope.host_is_local
               ? "the machine that runs Redis: another network may see other ports"
               : "one machine on the network: another one may see other ports");
  if (scope.ci)
    add_fact(page, kFact, "Mode",
             "continuous integration: rehearsed and declared evidence may decide");
  add_fact(page, kFact, "Clock",
           "judged as of " + instant_text(report.as_of) + " UTC by this machine's clock or --now");
  add_fact(page, kFact, "Evidence by",
           fmt::format("redis-tls-audit {}, {}", evidence.tool_version, evidence.openssl_version));
  std::size_t required = 0;
  for (const ChecklistRow& row : report.checklist) required += row.required ? 1 : 0;
  add_fact(
      page, kFact, "Checks",
      fmt::format(
          "{} run; {} of {} items decide the verdict; failures of severity {} and above fail it",
          report.checks.size(), required, report.checklist.size(), name_of(report.gate.fail_on)));
  add_fact(page, kFact, "Limits",
           "A server may lie about itself: what it told is marked as told by it. Files show "
           "intent; only the wire shows what is in force.");
}

void fill_gaps(Dictionary& page, const Evidence& evidence) {
  const auto gaps = gaps_of(evidence);
  if (gaps.empty()) {
    page.ShowSection("NO_GAPS");
    return;
  }
  Dictionary& table = add(page, "HAS_GAPS");
  for (const auto& [what, gap] : gaps) {
    Dictionary& row = add(table, "GAP_ROW");
    put(row, "DETAIL", what + gap.detail);
    put(row, "REASON", reason_words(gap.reason));
    put(row, "REMEDY", gap.remedy);
  }
}

void fill_footprint_row(Dictionary& table, std::string_view key, const Footprint& cost) {
  Dictionary& row = add(table, "FOOTPRINT");
  put(row, "KEY", key);
  put(row, "CONNECTIONS", cost.connections);
  put(row, "HANDSHAKES", cost.handshakes_completed);
  put(row, "COMMANDS", cost.commands);
  put(row, "SENT", size_text(cost.bytes_sent));
  put(row, "RECEIVED", size_text(cost.bytes_received));
  put(row, "TIME", fmt::format("{:.1f} s", static_cast<double>(cost.milliseconds) / 1000));
  put(row, "LOG_LINES", cost.expected_log_lines);
}

void fill_attestations(Dictionary& page, const Report& report) {
  const std::vector<Attestation>& all = report.evidence->attestations;
  if (all.empty()) {
    page.ShowSection("NO_ATTESTATIONS");
    return;
  }
  Dictionary& table = add(page, "HAS_ATTESTATIONS");
  for (const Attestation& attestation : all) {
    Dictionary& row = add(table, "ATTESTATION");
    put(row, "KIND", attestation.kind);
    put(row, "STATEMENT", attestation.statement);
    put(row, "BY", attestation.by);
    put(row, "ROLE", attestation.role);
    put(row, "DATE", to_date(attestation.date));
    put(row, "EXPIRES", to_date(attestation.expires));
    put(row, "STATE",
        report.as_of > attestation.expires ? "expired"
        : report.as_of < attestation.date  ? "not yet valid"
                                           : "valid");
    put(row, "EVIDENCE", join(attestation.evidence, ", "));
  }
}

// The check as its first finding or the build's table describes it.
const CheckInfo* info_of(const Report& report, const CheckRun& run) {
  for (const Finding& finding : report.findings)
    if (finding.check->info.code.text == run.code) return &finding.check->info;
  const CheckEntry* entry = find_check(run.code);
  return entry == nullptr ? nullptr : &entry->check->info;
}

}  // namespace

void fill_scope(Dictionary& page, const Subjects& subjects) {
  const Report& report = subjects.report;
  fill_facts(page, report);
  fill_gaps(page, *report.evidence);
  if (report.evidence->endpoints.empty()) {
    page.ShowSection("NO_FOOTPRINT");
  } else {
    Dictionary& table = add(page, "HAS_FOOTPRINT");
    for (const Endpoint& endpoint : report.evidence->endpoints)
      fill_footprint_row(table, endpoint.key, endpoint.footprint);
    if (report.evidence->endpoints.size() > 1) fill_footprint_row(table, "All", report.footprint);
  }
  fill_attestations(page, report);
}

void fill_appendix(Dictionary& page, const Subjects& subjects) {
  const Report& report = subjects.report;
  put(page, "EVIDENCE_DIGEST", report.evidence_digest);
  put(page, "POLICY_DIGEST", report.policy->digest);
  put(page, "RESULT_LINE", report.result_line());
  put(page, "MAPPING_CAPTION",
      fmt::format("All {} with the worst result of each, the items that it decides or informs, and "
                  "its controls",
                  counted(report.checks.size(), "check")));
  for (const CheckRun& run : report.checks) {
    const CheckInfo* info = info_of(report, run);
    Dictionary& row = add(page, "MAPPING");
    put(row, "CODE", run.code);
    put(row, "NAME", run.name);
    put_chip(row, run.status);
    add_text(row, "PROBLEM", run.problem);
    if (info == nullptr) continue;
    put(row, "TITLE", info->title);
    std::vector<std::string> labels;
    for (const int item : items_of(*info)) labels.push_back(item_label(item));
    put(row, "ITEMS", join(labels, ", "));
    put(row, "CONTROLS", join({info->controls.begin(), info->controls.end()}, ", "));
  }
}

}  // namespace rta::reports
