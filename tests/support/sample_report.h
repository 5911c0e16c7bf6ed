// Sample reports, put together by hand, for the writers' tests and for looking
// at the pages. They do not come from checks: a writer has to work whatever
// the checks say.
#pragma once

#include <redis_tls_audit/report.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace rta::testing {

// A report together with what it points into.
struct SampleReport {
  Evidence evidence;
  Policy policy;
  Report report;
};

// The setup guide followed verbatim: fails.
std::unique_ptr<SampleReport> guide_report();
// The project as it ought to be, with what needs a person attested: passes.
std::unique_ptr<SampleReport> hardened_report();
// Nothing was found and nothing answered: incomplete.
std::unique_ptr<SampleReport> empty_report();
// As guide_report(), with markup, escape sequences, bidi controls and bad
// UTF-8 in every text that comes from outside.
std::unique_ptr<SampleReport> hostile_report();

struct NamedSample {
  std::string_view name;
  std::unique_ptr<SampleReport> sample;
};
std::vector<NamedSample> all_samples();

// The text that hostile_report() puts everywhere.
extern const std::string kHostileText;

}  // namespace rta::testing
