#include "reports/text/page.h"

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace rta::reports {
namespace {

// Long enough for any sentence, short enough that one hostile field cannot
// fill the screen.
constexpr std::size_t kLongest = 2000;

std::string_view sgr(Tone tone) {
  switch (tone) {
    case Tone::plain:
      return "";
    case Tone::bold:
      return "\x1b[1m";
    case Tone::dim:
      return "\x1b[2m";
    case Tone::red:
      return "\x1b[1;31m";
    case Tone::green:
      return "\x1b[32m";
    case Tone::yellow:
      return "\x1b[33m";
    case Tone::magenta:
      return "\x1b[35m";
    case Tone::cyan:
      return "\x1b[36m";
  }
  return "";
}

std::uint32_t code_point(std::string_view sequence) {
  const auto first = static_cast<unsigned char>(sequence[0]);
  if (sequence.size() == 1) return first;
  std::uint32_t code = first & (0xFFU >> (sequence.size() + 1));
  for (const char c : sequence.substr(1))
    code = code << 6U | (static_cast<unsigned char>(c) & 0x3FU);
  return code;
}

// For terminals outside UTF-8.
std::string ascii(std::string_view text) {
  std::string plain;
  while (!text.empty()) {
    const std::size_t size = std::max<std::size_t>(1, utf8_sequence(text));
    const std::string_view sequence = text.substr(0, size);
    if (size == 1)
      plain += sequence;
    else if (sequence == "…")
      plain += "...";
    else if (sequence == "–" || sequence == "—")
      plain += "-";
    else
      plain += fmt::format("\\u{{{:x}}}", code_point(sequence));
    text.remove_prefix(size);
  }
  return plain;
}

bool is_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-'; }

// A line that a CI runner would obey, were it printed as it stands: GitHub
// takes "::error::..." behind any blanks, Azure "##[error]" anywhere.
std::string defused(std::string line) {
  const std::size_t start = std::min(line.find_first_not_of(' '), line.size());
  if (std::string_view{line}.substr(start).starts_with("::")) {
    std::size_t end = start + 2;
    while (end < line.size() && is_name(line[end])) ++end;
    const std::string_view rest = std::string_view{line}.substr(end);
    if (end > start + 2 && (rest.starts_with("::") || rest.starts_with(' ')))
      line.insert(start + 1, " ");
  }
  for (const std::string_view mark : {"##[", "##vso["})
    for (std::size_t at = line.find(mark); at != std::string::npos; at = line.find(mark, at))
      line.insert(at + 1, " ");
  return line;
}

// Prose starts like a sentence; a command or a directive does not.
bool is_prose(std::string_view line) {
  return line.size() > 2 && line[0] >= 'A' && line[0] <= 'Z' && line[1] >= 'a' && line[1] <= 'z' &&
         line.find(' ') != std::string_view::npos;
}

// Words onto lines: the first has `first` columns, the others have `rest`. A
// word that is longer than a line is cut.
std::vector<std::string> wrapped(std::string_view text, std::size_t first, std::size_t rest) {
  std::vector<std::string> lines{""};
  std::size_t room = first;
  std::size_t used = 0;
  for (std::string_view word : split(text, ' ')) {
    if (word.empty()) continue;
    if (used > 0 && used + 1 + columns(word) > room) {
      lines.emplace_back();
      used = 0;
      room = rest;
    }
    if (used > 0) {
      lines.back() += ' ';
      ++used;
    }
    while (!word.empty()) {
      if (used == room) {
        lines.emplace_back();
        used = 0;
        room = rest;
      }
      const std::size_t size = std::max<std::size_t>(1, utf8_sequence(word));
      lines.back() += word.substr(0, size);
      ++used;
      word.remove_prefix(size);
    }
  }
  for (std::string& line : lines) line = defused(std::move(line));
  return lines;
}

}  // namespace

std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

Page::Page(const TextStyle& style)
    : style_(style),
      width_(style.width == 0 ? kLongest * 4 : std::clamp<std::size_t>(style.width, 40, 120)) {}

std::string Page::shown(std::string_view text) const {
  const std::string safe = printable(text, kLongest);
  return style_.unicode ? safe : ascii(safe);
}

std::string Page::painted(std::string_view text, Tone tone) const {
  if (!style_.colour || tone == Tone::plain || text.empty()) return std::string{text};
  return fmt::format("{}{}\x1b[0m", sgr(tone), text);
}

Page& Page::paragraph(std::size_t indent, std::size_t hanging, std::string_view text, Tone tone) {
  const std::size_t first = indent;
  for (const std::string& line : wrapped(shown(text), width_ - first, width_ - hanging)) {
    out_ += std::string(indent, ' ') + painted(line, tone) + "\n";
    indent = hanging;
  }
  return *this;
}

Page& Page::labelled(std::size_t indent, std::string_view label, std::size_t column,
                     std::string_view text, Tone label_tone, Tone text_tone) {
  const std::string name = shown(label);
  const std::size_t used = indent + columns(name);
  out_ += std::string(indent, ' ') + painted(name, label_tone);
  out_ += std::string(used < column ? column - used : 1, ' ');
  const std::size_t start = std::max(column, used + 1);
  bool first = true;
  const std::size_t room = width_ > start ? width_ - start : 1;
  for (const std::string& line : wrapped(shown(text), room, width_ - column)) {
    if (!first) out_ += std::string(column, ' ');
    out_ += painted(line, text_tone) + "\n";
    first = false;
  }
  return *this;
}

Page& Page::code(std::size_t indent, std::string_view lines) {
  for (const std::string_view line : split(lines, '\n')) {
    if (trim(line).empty()) continue;
    if (is_prose(line))
      paragraph(indent, line);
    else
      out_ += std::string(indent, ' ') + painted(defused(shown(line)), Tone::cyan) + "\n";
  }
  return *this;
}

Page& Page::heading(std::string_view text) {
  blank();
  out_ += painted(shown(text), Tone::bold) + "\n";
  return *this;
}

Page& Page::blank() {
  out_ += "\n";
  return *this;
}

Page& Page::raw(std::string_view line) {
  out_ += line;
  out_ += "\n";
  return *this;
}

}  // namespace rta::reports
