// Places in source code that switch off the verification of certificates. A
// bounded, honest search over lines, comments left out: it finds the usual
// spellings and proves nothing by finding none. Pure; any thread.
#pragma once

#include <redis_tls_audit/bytes.h>

#include <string>
#include <string_view>
#include <vector>

namespace rta::files {

struct VerificationHit {
  int line = 0;
  std::string pattern;       // "rejectUnauthorized: false"
  bool near_redis = false;   // Redis is named within 40 lines
  bool conditional = false;  // a condition stands on the line or just above it
};

bool is_source_file(std::string_view path);
// Under test/, spec/, docs/, examples/, or Markdown.
bool is_test_or_document(std::string_view path);
std::vector<VerificationHit> verification_hits(ByteView bytes, std::string_view path);
// ssl_check_hostname=True: the line, 0 when it is not there.
int line_that_checks_host_names(ByteView bytes, std::string_view path);

}  // namespace rta::files
