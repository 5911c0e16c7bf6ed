// The commands, one file each. Every function returns an exit code and has
// told the person everything.
#pragma once

#include <redis_tls_audit/result.h>

#include <string>

#include "cli/options.h"

namespace rta {

int scan_command(const RawOptions& raw);
int collect_command(const RawOptions& raw, const std::string& evidence_path);
int evaluate_command(const RawOptions& raw, const std::string& evidence_path);
int checks_list_command(const std::string& profile);
int checks_explain_command(const std::string& code_or_name);
int profiles_list_command();
int profiles_show_command(const std::string& name);
int probe_command(const RawOptions& raw);
int demo_command(const RawOptions& raw, bool hardened, bool keep);

// Tells an error on standard error and returns exit_code::kUsage.
int usage_error(const Error& error);

}  // namespace rta
