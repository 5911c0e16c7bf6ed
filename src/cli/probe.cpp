// probe: the survey of endpoints alone, as a table for people or as JSON. It
// judges nothing: the exit code says whether the picture is whole.
#include <fmt/format.h>

#include <algorithm>

#include "base/process.h"
#include "base/text.h"
#include "checks/common/gate_plan.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/stop.h"
#include "collect/collector.h"
#include "core/policy_load.h"
#include "reports/common/strength.h"
#include "reports/json/probe_json.h"
#include "reports/text/survey_table.h"

namespace rta {
namespace {

std::string table_of(const Evidence& evidence, const TextStyle& style) {
  std::string text;
  for (const Endpoint& endpoint : evidence.endpoints)
    text += reports::survey_table(endpoint, evidence.as_of, style);
  if (!evidence.scope.notes.empty()) text += "\n";
  for (const Gap& note : evidence.scope.notes)
    text += fmt::format("note: {}{}\n", printable(note.detail),
                        note.remedy.empty() ? "" : "; " + printable(note.remedy));
  return text;
}

Result<void> check_formats(const std::vector<OutputRequest>& outputs) {
  for (const OutputRequest& output : outputs)
    if (output.format != OutputFormat::text && output.format != OutputFormat::json)
      return Error{"probe writes text and json", "", "`scan` writes the other formats"};
  return {};
}

Result<void> write(const Evidence& evidence, const OutputRequest& output,
                   const Settings& settings) {
  const std::string content = output.format == OutputFormat::json
                                  ? write_probe_json(evidence)
                                  : table_of(evidence, style_for(output, settings));
  return output.path.empty() ? write_stdout(content) : write_file(output.path, content);
}

// It answers, and what it speaks is not TLS: nothing is left open.
bool speaks_no_tls(const Endpoint& endpoint) {
  const PortAnswer* port = endpoint.port_answer.value();
  return port != nullptr &&
         (port->speech == PortSpeech::plaintext_redis || port->speech == PortSpeech::other);
}

int exit_code_of(const Evidence& evidence) {
  if (std::ranges::any_of(evidence.endpoints, speaks_no_tls)) return exit_code::kFail;
  const bool whole = std::ranges::all_of(evidence.endpoints, [](const Endpoint& endpoint) {
    return reports::why_incomplete(endpoint).empty();
  });
  return whole && !evidence.endpoints.empty() ? exit_code::kPass : exit_code::kIncomplete;
}

}  // namespace

int probe_command(const RawOptions& raw) {
  forbid_core_dumps();
  auto settings = settle(raw);
  if (!settings) return usage_error(settings.error());
  if (settings->outputs.empty()) settings->outputs.push_back({});
  if (auto known = check_formats(settings->outputs); !known) return usage_error(known.error());
  ScanSettings scan = settings->scan;
  scan.stop = &stop_on_signals();
  if (scan.gate_mode) {
    const auto policy = load_profile(settings->profile);
    if (!policy) return usage_error(policy.error());
    scan.gate_plan = checks::gate_plan(*policy);
  }
  Evidence evidence;
  {
    const Progress progress{true};
    evidence = collect(scan, Needs{Need::tls_survey, Need::served_chain},
                       [&](const std::string& line) { progress.show(line); });
  }
  for (const OutputRequest& output : settings->outputs)
    if (auto written = write(evidence, output, *settings); !written)
      return usage_error(written.error());
  return exit_code_of(evidence);
}

}  // namespace rta
