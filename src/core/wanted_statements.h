// The statements of people that a report waits for: those that its findings
// ask for by their remedies, and those that its items need. Pure.
#pragma once

#include <redis_tls_audit/report.h>

#include <map>
#include <string>
#include <vector>

namespace rta {

struct WantedStatement {
  std::string kind;                            // "audit-logging"
  std::vector<std::string> reasons;            // "RTA-AUD-004: redis:6379: no source was seen ..."
  std::map<std::string, std::string> details;  // key, and an example of its value
  std::size_t finding = 0;                     // the first that asks; index into Report::findings
};

// Sorted by kind; one entry a kind.
std::vector<WantedStatement> wanted_statements(const Report& report);

// A finding that waits for an attestation, by its remedy.
bool asks_for_statement(const Finding& finding);

}  // namespace rta
