// Profiles and other policy files: TOML to Policy. Errors carry path, line and
// column.
#pragma once

#include <redis_tls_audit/policy.h>
#include <redis_tls_audit/result.h>

#include <string>
#include <string_view>
#include <vector>

namespace rta {

// Names of the profiles of this build, "hipaa" first.
std::vector<std::string> profile_names();
// A profile of this build, or a file that names one with `extends`.
Result<Policy> load_profile(const std::string& name_or_path);
Result<Policy> parse_profile(std::string_view toml, const std::string& path);
// Every parameter with its value, sorted: the canonical form that is digested
// and shown by `profiles show`.
std::vector<std::pair<std::string, std::string>> describe(const Policy& policy);

}  // namespace rta
