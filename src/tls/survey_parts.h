// SurveyParts says what of an endpoint is asked for. What is left out was not
// asked, which is an answer of its own: neither "offered" nor "not offered".
// Versions are always asked for. Plain values; any thread.
#pragma once

#include <redis_tls_audit/result.h>

#include <string_view>
#include <vector>

namespace rta::tls {

struct SurveyParts {
  bool suites = true;
  bool groups = true;
  bool behaviour = true;     // order, signature schemes, compression and their like
  bool certificates = true;  // the chain that is served
  bool sessions = true;      // client certificates, tickets, names: finished handshakes

  [[nodiscard]] bool everything() const {
    return suites && groups && behaviour && certificates && sessions;
  }
};

// Why an inventory is empty that nobody asked for.
inline constexpr std::string_view kNotAskedFor = "not asked for (--only)";

// Reads "versions,suites". What a part rests on is asked for with it: groups
// and behaviour are learnt with the suites, behaviour with the groups.
Result<SurveyParts> parse_survey_parts(std::string_view list);

}  // namespace rta::tls
