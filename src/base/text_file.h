// A text file that the operator named: a configuration, a profile, attestations.
// A regular file or a pipe, of at most limits::kTextFile bytes.
#pragma once

#include <redis_tls_audit/result.h>

#include <string>

namespace rta {

// An error names the file, and a directory as such.
Result<std::string> read_text_file(const std::string& path);

}  // namespace rta
