// evaluate() judges Evidence by Policy: it runs the checks, rolls their
// findings up into the checklist and asks the gate. A pure function: the same
// arguments give the same Report.
#pragma once

#include <redis_tls_audit/report.h>

#include <string>
#include <vector>

namespace rta {

struct EvaluateOptions {
  Severity fail_on = Severity::high;  // non-core failures from here on fail the gate
  bool soft_fail = false;             // tell everything, exit 0 all the same
};

// `evidence` and `policy` must outlive the report.
Report evaluate(const Evidence& evidence, const Policy& policy,
                const EvaluateOptions& options = {});

// What the checks that `policy` selects need to have collected.
Needs needs_of(const Policy& policy);

}  // namespace rta
