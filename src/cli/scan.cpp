// scan = collect, then evaluate; both halves are commands of their own.
#include <fmt/format.h>

#include "base/process.h"
#include "base/text.h"
#include "checks/common/gate_plan.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/read_file.h"
#include "cli/scan.h"
#include "cli/stop.h"
#include "collect/attestations.h"
#include "collect/collector.h"
#include "core/evaluate.h"
#include "core/evidence_json.h"
#include "core/policy_load.h"
#include "core/recorded_bytes.h"

namespace rta {
namespace {

Result<Policy> policy_of(const Settings& settings) {
  Result<Policy> policy = load_profile(settings.profile);
  if (policy)
    policy->truthy.insert(policy->truthy.end(), settings.truthy.begin(), settings.truthy.end());
  return policy;
}

Result<void> add_attestations(const Settings& settings, Evidence& evidence) {
  if (!settings.scan.attestations_file) return {};
  auto attestations = load_attestations(*settings.scan.attestations_file);
  if (!attestations) return std::move(attestations).error();
  evidence.attestations = std::move(*attestations);
  return {};
}

Result<Evidence> collect_evidence(const Settings& settings, const Policy& policy) {
  // What people must hear before anything is dialled.
  Evidence attested;
  if (auto done = add_attestations(settings, attested); !done) return std::move(done).error();
  const Progress progress{!settings.scan.ci};
  ScanSettings scan = settings.scan;
  scan.stop = &stop_on_signals();
  if (scan.gate_mode) scan.gate_plan = checks::gate_plan(policy);
  Evidence evidence =
      collect(scan, needs_of(policy), [&](const std::string& line) { progress.show(line); });
  evidence.attestations = std::move(attested.attestations);
  return evidence;
}

// The report joins the store of earlier ones under a name that no other run has.
Result<void> keep_in_history(const Report& report, const Settings& settings) {
  if (!settings.scan.history_directory) return {};
  std::string when = to_rfc3339(report.as_of);
  std::erase_if(when, [](char c) { return c == '-' || c == ':'; });
  Settings store;
  store.outputs = {{OutputFormat::json, fmt::format("{}/report-{}-{}.json",
                                                    *settings.scan.history_directory, when,
                                                    report.run_id.substr(0, 8))}};
  return write_outputs(report, store);
}

int report_on(const Evidence& evidence, const Policy& policy, const Settings& settings) {
  const Report report =
      evaluate(evidence, policy, {.fail_on = settings.fail_on, .soft_fail = settings.soft_fail});
  if (auto kept = keep_in_history(report, settings); !kept) return usage_error(kept.error());
  Settings outputs = settings;
  if (outputs.outputs.empty()) outputs.outputs.push_back({});
  if (auto written = write_outputs(report, outputs); !written) return usage_error(written.error());
  bool stdout_taken = false;
  for (const OutputRequest& output : outputs.outputs) {
    if (output.path.empty())
      stdout_taken = true;
    else
      fmt::print(stderr, "wrote {}\n", output.path);
  }
  if (!stdout_taken)
    if (auto written = write_stdout(report.result_line() + "\n"); !written)
      return usage_error(written.error());
  return report.gate.exit_code;
}

// A scan with nothing to look at is a mistake of usage, told before any work.
Result<void> something_to_scan(const Settings& settings) {
  if (settings.scan.project || !settings.scan.targets.empty()) return {};
  return Error{"there is nothing to audit", "",
               "name a project directory or --target rediss://host:port"};
}

}  // namespace

int usage_error(const Error& error) {
  fmt::print(stderr, "redis-tls-audit: {}\n", error.text());
  return exit_code::kUsage;
}

int scan_command(const RawOptions& raw) {
  forbid_core_dumps();
  const auto settings = settle(raw);
  if (!settings) return usage_error(settings.error());
  return scan_with(*settings);
}

int scan_with(const Settings& settings) {
  if (auto ready = something_to_scan(settings); !ready) return usage_error(ready.error());
  const auto policy = policy_of(settings);
  if (!policy) return usage_error(policy.error());
  const auto evidence = collect_evidence(settings, *policy);
  if (!evidence) return usage_error(evidence.error());
  return report_on(*evidence, *policy, settings);
}

int collect_command(const RawOptions& raw, const std::string& evidence_path) {
  forbid_core_dumps();
  const auto settings = settle(raw);
  if (!settings) return usage_error(settings.error());
  if (auto ready = something_to_scan(*settings); !ready) return usage_error(ready.error());
  const auto policy = policy_of(*settings);
  if (!policy) return usage_error(policy.error());
  const std::vector<OutputRequest> outputs{{OutputFormat::json, evidence_path}};
  if (auto ready = check_outputs(outputs); !ready) return usage_error(ready.error());
  const auto evidence = collect_evidence(*settings, *policy);
  if (!evidence) return usage_error(evidence.error());
  const std::string json = write_evidence(*evidence);
  auto written = evidence_path.empty() ? write_stdout(json) : write_file(evidence_path, json);
  return written ? exit_code::kPass : usage_error(written.error());
}

int evaluate_command(const RawOptions& raw, const std::string& evidence_path) {
  const auto settings = settle(raw);
  if (!settings) return usage_error(settings.error());
  const auto policy = policy_of(*settings);
  if (!policy) return usage_error(policy.error());
  const auto json = read_input_file(evidence_path);
  if (!json) return usage_error(json.error());
  auto evidence = read_evidence(*json);
  if (!evidence) {
    Error error = evidence.error();
    error.where = evidence_path + (error.where.empty() ? "" : "#" + error.where);
    return usage_error(error);
  }
  follow_recorded_bytes(*evidence);
  if (settings->scan.now) evidence->as_of = *settings->scan.now;
  if (settings->scan.attestations_file)
    if (auto done = add_attestations(*settings, *evidence); !done) return usage_error(done.error());
  return report_on(*evidence, *policy, *settings);
}

}  // namespace rta
