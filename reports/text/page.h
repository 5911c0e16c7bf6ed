// Page lays text out for a terminal: columns, wrapping, colours and an ASCII
// fallback. All text that it is given is made printable first, so nothing from
// outside can move the cursor, change a colour or start a line of its own.
// One thread.
#pragma once

#include <string>
#include <string_view>

#include "reports/writer.h"

namespace rta::reports {

enum class Tone { plain, bold, dim, red, green, yellow, magenta, cyan };

class Page {
 public:
  explicit Page(const TextStyle& style);

  // One paragraph, wrapped: the first line after `indent` blanks, the others
  // after `hanging` blanks.
  Page& paragraph(std::size_t indent, std::size_t hanging, std::string_view text,
                  Tone tone = Tone::plain);
  Page& paragraph(std::size_t indent, std::string_view text, Tone tone = Tone::plain) {
    return paragraph(indent, indent, text, tone);
  }
  // `label` at `indent`, then the text wrapped in the column `column`.
  Page& labelled(std::size_t indent, std::string_view label, std::size_t column,
                 std::string_view text, Tone label_tone = Tone::dim, Tone text_tone = Tone::plain);
  // Lines to copy: commands and configuration stay whole, prose is wrapped.
  Page& code(std::size_t indent, std::string_view lines);
  Page& heading(std::string_view text);
  Page& blank();
  // Written as it is; for the RESULT line.
  Page& raw(std::string_view line);

  // The text as it would be shown: printable, and ASCII where that is asked for.
  [[nodiscard]] std::string shown(std::string_view text) const;
  [[nodiscard]] bool unicode() const { return style_.unicode; }
  [[nodiscard]] std::string take() && { return std::move(out_); }

 private:
  [[nodiscard]] std::string painted(std::string_view text, Tone tone) const;

  TextStyle style_;
  std::size_t width_;
  std::string out_;
};

// Columns that printable text takes: one for each character.
std::size_t columns(std::string_view text);

}  // namespace rta::reports
