#include "files/compose/yaml_source.h"

#include "base/text.h"

namespace rta {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_blank_or_end(std::string_view text, std::size_t at) {
  return at >= text.size() || is_blank(text[at]) || text[at] == '\n' || text[at] == '\r';
}

}  // namespace

YamlSource::YamlSource(std::string_view text) : text_(text), lines_{0} {
  is_plain_ = text.find('\0') == std::string_view::npos && !text.starts_with("\xFF\xFE") &&
              !text.starts_with("\xFE\xFF");
  for (std::size_t at = 0; at < text.size(); ++at)
    if (text[at] == '\n') lines_.push_back(at + 1);
}

std::optional<std::pair<int, std::string_view>> YamlSource::refused_directive() const {
  // Directives stand before the first document.
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    std::string_view line = text_.substr(lines_[i]);
    line = trim(line.substr(0, line.find('\n')));
    if (line.empty() || line.front() == '#') continue;
    if (line.front() != '%') return std::nullopt;
    if (line.starts_with("%YAML") && trim(line.substr(5)) != "1.1")
      return std::pair{static_cast<int>(i), std::string_view{"found incompatible YAML document"}};
  }
  return std::nullopt;
}

std::string_view YamlSource::from(int line, int column) const {
  if (!is_plain_ || line < 0 || column < 0 || static_cast<std::size_t>(line) >= lines_.size())
    return {};
  const std::size_t at = lines_[static_cast<std::size_t>(line)] + static_cast<std::size_t>(column);
  return at < text_.size() ? text_.substr(at) : std::string_view{};
}

// Behind "&anchor" and "!tag".
std::string_view YamlSource::without_properties(std::string_view text) {
  while (!text.empty() && (text.front() == '&' || text.front() == '!')) {
    while (!is_blank_or_end(text, 0)) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  }
  return text;
}

// Behind the closing quote; npos: it never closes.
std::size_t YamlSource::quote_end(std::string_view text) {
  const char quote = text.front();
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (quote == '"' && text[at] == '\\') {
      ++at;
    } else if (text[at] == quote) {
      if (quote == '"' || at + 1 >= text.size() || text[at + 1] != quote) return at + 1;
      ++at;  // '' is a quote
    }
  }
  return std::string_view::npos;
}

bool YamlSource::quote_closes(int line, int column) {
  if (!closed_.emplace(line, column).second) return true;
  const std::string_view text = without_properties(from(line, column));
  if (text.empty() || (text.front() != '"' && text.front() != '\'')) return true;
  return quote_end(text) != std::string_view::npos;
}

bool YamlSource::key_has_colon(int line, int column) const {
  std::string_view text = without_properties(from(line, column));
  if (text.empty() || text.front() == '*') return true;
  // "? key" needs none.
  const std::size_t start = lines_[static_cast<std::size_t>(line)];
  const std::string_view before = trim(text_.substr(start, static_cast<std::size_t>(column)));
  if (before.ends_with('?')) return true;
  if (text.front() == '"' || text.front() == '\'') {
    const std::size_t end = quote_end(text);
    if (end == std::string_view::npos) return true;  // told elsewhere
    text.remove_prefix(end);
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    return text.starts_with(':');
  }
  for (std::size_t at = 0; at < text.size() && text[at] != '\n'; ++at)
    if (text[at] == ':' && is_blank_or_end(text, at + 1)) return true;
  return false;
}

bool YamlSource::is_block(int line, int column) const {
  const std::string_view text = without_properties(from(line, column));
  return text.starts_with('|') || text.starts_with('>');
}

bool YamlSource::is_bare_tag(int line, int column) const {
  const std::string_view text = from(line, column);
  return text.starts_with('!') && is_blank_or_end(text, 1) &&
         trim(text.substr(1, text.find('\n') - 1)).empty();
}

}  // namespace rta
