// The survey of one endpoint as a table for people: versions, suites with key
// exchange and strength, order, groups, behaviour, sessions, certificates, and
// the known attacks that follow from them. Fits 80 columns. For the `probe`
// command. Pure; any thread.
#pragma once

#include <redis_tls_audit/facts/endpoint.h>
#include <redis_tls_audit/time.h>

#include <string>

#include "reports/writer.h"

namespace rta::reports {

std::string survey_table(const Endpoint& endpoint, Timestamp as_of, const TextStyle& style);

}  // namespace rta::reports
