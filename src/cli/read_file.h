// Reading the operator's own input, within limits.
#pragma once

#include <redis_tls_audit/result.h>

#include <string>

namespace rta {

// The content of a file; "-" is standard input. At most limits::kEvidenceFile.
Result<std::string> read_input_file(const std::string& path);

}  // namespace rta
