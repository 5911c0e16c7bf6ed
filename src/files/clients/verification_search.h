// Places in source code and in applications' configuration that switch off the
// verification of certificates. A bounded, honest search over lines, comments and mere mentions in
// strings left out: it finds the usual spellings and proves nothing by finding none. Pure; any
// thread.
#pragma once

#include <redis_tls_audit/bytes.h>

#include <string>
#include <string_view>
#include <vector>

namespace rta::files {

struct VerificationHit {
  int line = 0;
  int column = 0;
  std::string pattern;       // "rejectUnauthorized: false"
  bool near_redis = false;   // Redis is named within 40 lines
  bool conditional = false;  // a condition, or code, decides whether it holds
};

struct VerificationSearch {
  std::vector<VerificationHit> hits;
  bool names_redis = false;          // in its code
  bool uses_redis_library = false;   // it brings in a client library, or makes a client
  bool left_out_long_lines = false;  // of more than 10,000 characters
  int line_that_checks_names = 0;    // ssl_check_hostname=True; 0 = not there
};

// Of configuration in which nothing of the kind stands, nothing else is told.
VerificationSearch search_verification(ByteView bytes, std::string_view path);

}  // namespace rta::files
