// Writers turn a Report into bytes and decide nothing: every verdict, sentence
// and order stands in the Report. The same Report gives the same bytes; no
// writer reads a clock, a locale or the environment. Text from outside is
// escaped here, once per format. Pure; any thread.
//
// A Report's `evidence` and `policy` must be set.
#pragma once

#include <redis_tls_audit/report.h>

#include <cstddef>
#include <string>

namespace rta {

// How the terminal looks; the caller decides, from flags, NO_COLOR and isatty.
struct TextStyle {
  std::size_t width = 80;  // columns, taken as 40 to 120; 0: nothing is wrapped
  bool colour = false;     // ANSI SGR sequences, nothing else
  bool unicode = true;     // false: ASCII only
};

// The native report, reports/schema/report-1.json. Ends with a line feed.
std::string write_json(const Report& report);

// For the terminal; the last line is Report::result_line().
std::string write_text(const Report& report, const TextStyle& style = {});

// A file of attestations to fill in (src/collect/attestations.h): one entry for
// each kind that the report waits for, with why in comments. As it stands it is
// refused: what only a person knows is a placeholder.
std::string write_attestations(const Report& report);

// One self-contained HTML page without script.
std::string write_html(const Report& report);

}  // namespace rta
