#include "files/clients/source_lines.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace rta::files {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kLongestLine = 5'000;  // of what people write
constexpr std::size_t kWordLength = 64;

bool uses_hash_comments(std::string_view ending) {
  constexpr std::array<std::string_view, 11> kEndings{
      "py", "sh", "bash", "rb", "yml", "yaml", "php", "properties", "toml", "ex", "exs"};
  return std::ranges::find(kEndings, ending) != kEndings.end();
}
bool uses_slash_comments(std::string_view ending) {
  return !uses_hash_comments(ending) || ending == "php";
}

bool is_word(std::string_view text) {
  return text.size() <= kWordLength && std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '-' || c == '.';
         });
}

// Reads line after line: block comments, and strings that span lines, go on.
class Cleaner {
 public:
  explicit Cleaner(std::string_view ending)
      : hash_(uses_hash_comments(ending)),
        slash_(uses_slash_comments(ending)),
        python_(ending == "py") {}

  SourceLine clean(std::string_view line) {
    SourceLine out;
    out.indent = std::min(line.find_first_not_of(" \t"), line.size());
    std::size_t at = 0;
    if (!until_.empty()) at = close(line, out);
    while (at < line.size()) at = step(line, at, out);
    return out;
  }

 private:
  static bool is_name(char c) {
    return c == '_' || c == '$' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9');
  }

  // Two words stay two: "export NAME" is not "exportNAME".
  static void put(SourceLine& out, char c, std::size_t column) {
    const bool parts =
        !out.code.empty() && is_name(c) && is_name(out.code.back()) && out.columns.back() < column;
    if (parts) {
      out.code.push_back(' ');
      out.columns.push_back(static_cast<std::uint32_t>(column));
    }
    out.code.push_back(c);
    out.columns.push_back(static_cast<std::uint32_t>(column + 1));
  }

  // Inside a comment or a string of several lines.
  std::size_t close(std::string_view line, SourceLine& out) {
    const std::size_t end = line.find(until_);
    if (end == kNone) return line.size();
    const std::size_t behind = end + until_.size();
    if (until_ == "`") put_string(out, "", end);
    until_.clear();
    return behind;
  }

  std::size_t step(std::string_view line, std::size_t at, SourceLine& out) {
    const std::string_view rest = line.substr(at);
    const char c = line[at];
    if (hash_ && c == '#' && (python_ || at == 0 || line[at - 1] == ' ' || line[at - 1] == '\t'))
      return line.size();
    if (slash_ && rest.starts_with("//")) return line.size();
    if (slash_ && rest.starts_with("/*")) return open("*/", line, at + 2);
    if (python_ && (rest.starts_with("\"\"\"") || rest.starts_with("'''")))
      return open(rest.substr(0, 3), line, at + 3);
    if (c == '"' || c == '\'' || c == '`') return string(line, at, out);
    if (c != ' ' && c != '\t' && c != '\r') put(out, c, at);
    return at + 1;
  }

  std::size_t open(std::string_view end, std::string_view line, std::size_t at) {
    const std::size_t found = line.find(end, at);
    if (found != kNone) return found + end.size();
    until_ = std::string{end};
    return line.size();
  }

  std::size_t string(std::string_view line, std::size_t at, SourceLine& out) {
    std::size_t end = at + 1;
    while (end < line.size() && line[end] != line[at]) end += line[end] == '\\' ? 2U : 1U;
    if (end >= line.size()) {  // not closed on this line
      put_string(out, line.substr(at + 1), at);
      if (line[at] == '`') until_ = "`";
      return line.size();
    }
    put_string(out, line.substr(at + 1, end - at - 1), at);
    return end + 1;
  }

  static void put_string(SourceLine& out, std::string_view text, std::size_t at) {
    put(out, '\'', at);
    if (is_word(text))
      for (std::size_t i = 0; i < text.size(); ++i) put(out, text[i], at + 1 + i);
    else
      out.strings.push_back({std::string{text}, static_cast<std::uint32_t>(at + 1)});
    put(out, '\'', at);
  }

  bool hash_;
  bool slash_;
  bool python_;
  std::string until_;
};

}  // namespace

std::string_view file_ending(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const std::size_t dot = name.rfind('.');
  return dot == kNone ? std::string_view{} : name.substr(dot + 1);
}

std::vector<SourceLine> source_lines(ByteView bytes, std::string_view path) {
  Cleaner cleaner{file_ending(path)};
  std::vector<SourceLine> lines;
  for (const std::string_view line : split(as_text(bytes), '\n'))
    lines.push_back(cleaner.clean(line));
  return lines;
}

bool is_minified(ByteView bytes, std::string_view path) {
  if (path.find(".min.") != kNone || path.find(".bundle.") != kNone) return true;
  const std::vector<std::string_view> lines = split(as_text(bytes), '\n');
  const bool has_long =
      std::ranges::any_of(lines, [](std::string_view line) { return line.size() > kLongestLine; });
  // A file of people may hold one long literal among many lines.
  return has_long && bytes.size() / lines.size() > kLongestLine / 10;
}

}  // namespace rta::files
