#include "core/evaluate.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>

#include "base/digest.h"
#include "base/text.h"
#include "core/actions.h"
#include "core/evidence_json.h"
#include "core/rollup.h"

namespace rta {
namespace {

bool is_deselected(const CheckEntry& entry, const Policy& policy) {
  return std::ranges::any_of(policy.deselected, [&](const std::string& name) {
    return name == entry.name || name == entry.check->info.code.text;
  });
}

// Runs one check. A check that throws, or that says nothing, is a defect of
// ours: the result is unknown, never green.
std::vector<Finding> run_check(const CheckEntry& entry, const Evidence& evidence,
                               const Policy& policy, std::string& problem) {
  Findings findings{*entry.check};
  try {
    entry.check->evaluate(evidence, policy, findings);
    if (findings.empty()) problem = "the check said nothing";
  } catch (const std::exception& error) {
    problem = error.what();
  }
  if (problem.empty()) return std::move(findings).take();
  Findings failed{*entry.check};
  failed.unknown(Subject::deployment(), "this check could not be evaluated: " + printable(problem),
                 GapReason::internal_error);
  return std::move(failed).take();
}

// No message, no time, no line: what identifies a finding over scans.
std::string fingerprint(const Finding& finding) {
  const std::string identity =
      fmt::format("v1\n{}\n{}\n{}\n{}", finding.check->info.code.text,
                  name_of(finding.subject.kind), finding.subject.key, finding.variant);
  return sha256_hex(identity).substr(0, 32);
}

void add_findings(Report& report, const CheckEntry& entry, std::vector<Finding> findings,
                  std::string problem) {
  CheckRun run{std::string{entry.check->info.code.text}, std::string{entry.name},
               Status::not_applicable, findings.size(), std::move(problem)};
  const auto override_severity = report.policy->severity.find(run.code);
  for (Finding& finding : findings) {
    if (override_severity != report.policy->severity.end() && finding.severity != Severity::info)
      finding.severity = override_severity->second;
    finding.fingerprint = fingerprint(finding);
    // What is said for information only changes no verdict.
    const bool informs = finding.status == Status::warn && finding.severity == Severity::info;
    run.status = worse(run.status, informs ? Status::pass : finding.status);
    report.findings.push_back(std::move(finding));
  }
  report.checks.push_back(std::move(run));
}

void count(StatusCounts& counts, Status status) {
  switch (status) {
    case Status::pass:
      ++counts.pass;
      return;
    case Status::warn:
      ++counts.warn;
      return;
    case Status::fail:
      ++counts.fail;
      return;
    case Status::manual:
      ++counts.manual;
      return;
    case Status::unknown:
      ++counts.unknown;
      return;
    case Status::not_applicable:
      ++counts.not_applicable;
      return;
  }
}

void add_footprint(Footprint& sum, const Footprint& part) {
  sum.connections += part.connections;
  sum.handshakes_completed += part.handshakes_completed;
  sum.bytes_sent += part.bytes_sent;
  sum.bytes_received += part.bytes_received;
  sum.milliseconds += part.milliseconds;
  sum.expected_log_lines += part.expected_log_lines;
  sum.commands += part.commands;
}

}  // namespace

Report evaluate(const Evidence& evidence, const Policy& policy, const EvaluateOptions& options) {
  Report report;
  report.tool_version = evidence.tool_version;
  report.as_of = evidence.as_of;
  report.evidence = &evidence;
  report.policy = &policy;
  report.evidence_digest = digest_of_evidence(evidence);
  report.run_id = uuid_v5(report.evidence_digest + policy.digest);

  for (const CheckEntry& entry : all_checks()) {
    if (is_deselected(entry, policy)) continue;
    std::string problem;
    std::vector<Finding> findings = run_check(entry, evidence, policy, problem);
    add_findings(report, entry, std::move(findings), std::move(problem));
  }
  const auto order = [](const Finding& finding) {
    return std::tuple{finding.check->info.code.text, finding.subject, finding.variant,
                      finding.message};
  };
  std::ranges::stable_sort(report.findings, {}, order);
  for (int item = 1; item <= kItemCount; ++item) report.checklist.push_back(roll_up(report, item));
  for (const ChecklistRow& row : report.checklist) count(report.items, row.verdict);
  for (const Finding& finding : report.findings) count(report.results, finding.status);
  for (const Endpoint& endpoint : evidence.endpoints)
    add_footprint(report.footprint, endpoint.footprint);
  report.actions = what_to_do(report);
  report.gate = judge_gate(report, options);
  return report;
}

Needs needs_of(const Policy& policy) {
  Needs needs;
  for (const CheckEntry& entry : all_checks())
    if (!is_deselected(entry, policy)) needs |= entry.check->info.needs;
  return needs;
}

}  // namespace rta
