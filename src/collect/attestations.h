// Attestations: dated statements of people, in TOML, for what no machine can
// see. They are evidence of grade attested and never overrule a failure.
//
//   [[attestation]]
//   kind = "rotation"
//   targets = ["*"]
//   statement = "Certificates are renewed every 90 days by the platform team"
//   by = "Ada Example"
//   role = "Security officer"
//   date = "2026-10-01"
//   expires = "2027-09-30"          # at most 365 days; audit-review at most 90
//   evidence = ["OPS-1234"]
//   [attestation.details]
//   period_days = "90"
//
// Targets are endpoints (key, host or alias), or "*". What is said of the whole
// deployment counts when each of its live endpoints is named by such a statement.
#pragma once

#include <redis_tls_audit/evidence.h>
#include <redis_tls_audit/result.h>

#include <string>
#include <string_view>
#include <vector>

namespace rta {

// Kinds that some check or item understands.
const std::vector<std::string>& attestation_kinds();

// Errors carry path, line and column; a file with one bad entry is refused
// whole, because half a statement is none.
Result<std::vector<Attestation>> load_attestations(const std::string& path);
Result<std::vector<Attestation>> parse_attestations(std::string_view toml, const std::string& path);

}  // namespace rta
