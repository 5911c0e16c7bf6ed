// How source code turns an environment variable into yes or no: the string is
// all that an application gets, and the comparison decides what "true", "1" or
// "false" mean. Pure; any thread.
#pragma once

#include <redis_tls_audit/bytes.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rta::files {

struct TruthReading {
  enum class Kind {
    one_of,     // equal to one of `words`; true
    none_of,    // equal to one of `words`; false, all others true
    not_empty,  // any text but the empty one, "false" and "0" too
    json,       // JSON.parse()
    parse_bool  // Go: 1 t T TRUE true True; 0 f F FALSE false False; else an error
  };
  std::string variable;
  Kind kind = Kind::one_of;
  bool ignores_case = false;
  std::vector<std::string> words;
  std::string comparison;     // as written, without blanks
  std::string takes_as_true;  // in words
  int line = 0;
  int column = 0;
};

// Of variables that switch TLS or verification.
std::vector<TruthReading> truth_readings(ByteView bytes, std::string_view path);
// What that code makes of the value; absent: an error, or not known.
std::optional<bool> truth_by(const TruthReading& reading, std::string_view value);

}  // namespace rta::files
