// probe: the survey of endpoints alone, as a table or as evidence in JSON.
#include <fmt/format.h>

#include <algorithm>

#include "base/process.h"
#include "checks/common/gate_plan.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/output.h"
#include "cli/stop.h"
#include "collect/collector.h"
#include "core/evidence_json.h"
#include "core/policy_load.h"
#include "reports/text/survey_table.h"

namespace rta {
namespace {

std::string table_of(const Evidence& evidence, const Settings& settings) {
  TextStyle style;
  style.colour = wants_colour(settings.colour);
  std::string text;
  for (const Endpoint& endpoint : evidence.endpoints)
    text += reports::survey_table(endpoint, style) + "\n";
  return text;
}

// Everything that was asked for was answered.
bool is_complete(const Evidence& evidence) {
  return !evidence.endpoints.empty() &&
         std::ranges::all_of(evidence.endpoints, [](const Endpoint& endpoint) {
           const TlsSurvey* survey = endpoint.tls.value();
           if (survey == nullptr) return false;
           // A gate asks whole versions and single classes only.
           if (survey->gate_mode)
             return std::ranges::none_of(survey->versions, [](const VersionOffer& offer) {
               return offer.answer.answer == Answer::inconclusive;
             });
           return std::ranges::all_of(survey->suites, &SuiteInventory::complete);
         });
}

}  // namespace

int probe_command(const RawOptions& raw, bool as_json) {
  forbid_core_dumps();
  const auto settings = settle(raw);
  if (!settings) return usage_error(settings.error());
  ScanSettings scan = settings->scan;
  scan.stop = &stop_on_signals();
  if (scan.gate_mode) {
    const auto policy = load_profile(settings->profile);
    if (!policy) return usage_error(policy.error());
    scan.gate_plan = checks::gate_plan(*policy);
  }
  const Evidence evidence = collect(scan, Needs{Need::port, Need::tls_survey, Need::served_chain},
                                    [](const std::string&) {});
  const auto written =
      write_stdout(as_json ? write_evidence(evidence) : table_of(evidence, *settings));
  if (!written) return usage_error(written.error());
  return is_complete(evidence) ? exit_code::kPass : exit_code::kIncomplete;
}

}  // namespace rta
