// The survey of one endpoint as a table for people: versions, suites with
// strength and order, groups, behaviour, and the known attacks that follow
// from them. For the `probe` command. Pure; any thread.
#pragma once

#include <redis_tls_audit/facts/endpoint.h>

#include <string>
#include <vector>

#include "reports/writer.h"

namespace rta::reports {

std::string survey_table(const Endpoint& endpoint, const TextStyle& style);

// Attacks by name that the accepted versions, suites and groups make possible:
// derived from the inventory, not tried. "SWEET32: 3DES at TLS 1.0".
std::vector<std::string> derived_attacks(const TlsSurvey& survey);

}  // namespace rta::reports
