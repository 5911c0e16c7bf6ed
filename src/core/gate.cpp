// The gate: one function from findings and rows to an outcome and exit code.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "core/rollup.h"

namespace rta {
namespace {

bool touches_required_item(const Finding& finding, const CoverageRule& rule, bool core) {
  const ItemSet items = core ? finding.check->info.core : finding.check->info.supports;
  const auto touches = [&](int item) { return items.has(item) && concerns(finding, item); };
  return std::ranges::any_of(rule.items, touches) || std::ranges::any_of(rule.items_if_seen, touches);
}

// A failing result that alone closes the gate.
bool fails_gate(const Finding& finding, const Report& report, Severity fail_on) {
  if (finding.status != Status::fail || !decides(finding, *report.evidence)) return false;
  const CoverageRule& rule = coverage_rule(*report.evidence, *report.policy);
  if (touches_required_item(finding, rule, true)) return true;
  return finding.severity >= fail_on && touches_required_item(finding, rule, false);
}

std::string items_of(const Report& report, Status status) {
  std::vector<std::string> labels;
  for (const ChecklistRow& row : report.checklist)
    if (row.verdict == status && row.required) labels.push_back(row.label());
  return join(labels, ", ");
}

std::size_t rows_with(const Report& report, Status status) {
  return static_cast<std::size_t>(std::ranges::count_if(
      report.checklist,
      [&](const ChecklistRow& row) { return row.required && row.verdict == status; }));
}

std::string fail_sentence(const Report& report, std::size_t failures) {
  const std::size_t failing = rows_with(report, Status::fail);
  if (failing == 0)
    return fmt::format("Not compliant: {} outside the checklist's core {} the gate",
                       counted(failures, "finding"), failures == 1 ? "fails" : "fail");
  return fmt::format("Not compliant: {} of {} items {} ({})", failing, report.checklist.size(),
                     failing == 1 ? "fails" : "fail", items_of(report, Status::fail));
}

std::string incomplete_sentence(const Report& report) {
  std::vector<std::string> parts;
  if (const std::string items = items_of(report, Status::unknown); !items.empty())
    parts.push_back("not determined: " + items);
  if (const std::string items = items_of(report, Status::manual); !items.empty())
    parts.push_back("waiting for a person: " + items);
  return "Not determined: nothing fails, but items are open (" + join(parts, "; ") + ")";
}

}  // namespace

Gate judge_gate(const Report& report, const EvaluateOptions& options) {
  Gate gate;
  gate.fail_on = options.fail_on;
  const auto failures = static_cast<std::size_t>(std::ranges::count_if(
      report.findings, [&](const Finding& f) { return fails_gate(f, report, options.fail_on); }));
  gate.complete = rows_with(report, Status::unknown) == 0 && rows_with(report, Status::manual) == 0;
  if (failures > 0) {
    gate.outcome = Outcome::fail;
    gate.exit_code = 1;
    gate.sentence = fail_sentence(report, failures);
  } else if (!gate.complete) {
    gate.outcome = Outcome::incomplete;
    gate.exit_code = 3;
    gate.sentence = incomplete_sentence(report);
  } else {
    gate.outcome = Outcome::pass;
    gate.exit_code = 0;
    const std::size_t warned = rows_with(report, Status::warn);
    gate.sentence = fmt::format("Compliant under profile {}", report.policy->profile);
    if (warned > 0) gate.sentence += fmt::format(", with warnings on {}", counted(warned, "item"));
  }
  if (options.soft_fail) gate.exit_code = 0;
  return gate;
}

}  // namespace rta
