// What to do first: the failing findings, one action a check, the most urgent
// first; where nothing fails, what would let the audit see more, and what only
// a person can say. Pure.
#pragma once

#include <redis_tls_audit/report.h>

#include <vector>

namespace rta {

std::vector<Action> what_to_do(const Report& report);

// The text under a heading of a check's page, up to the next heading, trimmed.
std::string_view page_section(std::string_view page, std::string_view heading);

}  // namespace rta
