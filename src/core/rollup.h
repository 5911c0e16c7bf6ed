// From findings to the thirteen rows of the checklist, and from the rows to
// the gate's verdict. Pure.
#pragma once

#include <redis_tls_audit/report.h>

#include "core/evaluate.h"

namespace rta {

// The findings that decide under this scope: a rehearsal decides only in CI
// mode or when no live endpoint is known at all.
bool decides(const Finding& finding, const Evidence& evidence);

// An item takes only the subjects that it is about: item 5 the consumers of
// role backend, item 6 those of role worker.
bool concerns(const Finding& finding, int item);

// Not known for want of what a checkout rightly does not hold: told by the item,
// and decides nothing in a pull request.
bool is_left_out(const Finding& finding, const Evidence& evidence);

// The coverage rule in force: of CI when the scope says so.
const CoverageRule& coverage_rule(const Evidence& evidence, const Policy& policy);

// One row; `report.findings` and `report.checks` are complete.
// Kinds of attestations that the item needs under this policy and does not have.
std::vector<std::string_view> missing_attestations(const Report& report, int item);

ChecklistRow roll_up(const Report& report, int item);

// Fills report.gate from findings and rows.
Gate judge_gate(const Report& report, const EvaluateOptions& options);

}  // namespace rta
