// Where reports go: standard output, or files that appear whole or not at all.
#pragma once

#include <redis_tls_audit/report.h>
#include <redis_tls_audit/result.h>

#include <string>
#include <string_view>

#include "cli/settings.h"
#include "reports/writer.h"

namespace rta {

// "json", "html=report.html"; `-` as a path is standard output.
Result<OutputRequest> parse_output(const std::string& text);

// Before any work: the directory of each file exists and can be written.
Result<void> check_outputs(const std::vector<OutputRequest>& outputs);

// Renders and writes every output; all files are complete or absent.
Result<void> write_outputs(const Report& report, const Settings& settings);

// New file of mode 0600 beside the old one, synced and renamed over it.
Result<void> write_file(const std::string& path, std::string_view content);
// A closed pipe is fine: whoever listened has read enough.
Result<void> write_stdout(std::string_view content);

// How text looks there: a file has 80 columns and no colour unless it is asked for.
TextStyle style_for(const OutputRequest& output, const Settings& settings);

// Colour for standard output: flag, then NO_COLOR, then CLICOLOR_FORCE and
// FORCE_COLOR, then whether it is a terminal that is not dumb.
bool wants_colour(ColourChoice choice);

}  // namespace rta
