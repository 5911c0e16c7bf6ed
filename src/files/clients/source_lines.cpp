#include "files/clients/source_lines.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace rta::files {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kLongestLine = 5'000;  // of what people write
constexpr std::size_t kWordLength = 64;
constexpr std::size_t kFarthestBlock = 60;  // lines up, to the start of a block

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

bool says_condition(std::string_view code) {
  if (code.starts_with("if(") || code.starts_with("if") || code.starts_with("elif") ||
      code.starts_with("else") || code.starts_with("}else") || code.starts_with("case") ||
      code.starts_with("switch(") || code.starts_with("unless") || code.starts_with("when("))
    return true;
  if (code.find(")if") != kNone || code.find("&&") != kNone || code.find("NODE_ENV") != kNone)
    return true;
  // "a ? b : c", but not "?." and "??".
  for (std::size_t at = code.find('?'); at != kNone; at = code.find('?', at + 1)) {
    const char next = at + 1 < code.size() ? code[at + 1] : ' ';
    if (next == '?') {
      ++at;
      continue;
    }
    if (next != '.' && next != ':') return true;
  }
  return false;
}

// "if x do", "unless x", "else": blocks that neither brace nor colon opens.
bool opens_conditional_block(std::string_view code) {
  for (const std::string_view word : {"if ", "unless ", "elsif ", "when ", "case "})
    if (code.starts_with(word)) return true;
  return code == "else";
}

// The sections of a configuration that are not for production.
bool names_other_environment(std::string_view code) {
  for (const std::string_view name : {"development:", "test:", "dev:", "local:"})
    if (code == name || (code.starts_with(name) && code.substr(name.size()).starts_with('&')))
      return true;
  return false;
}

bool conditional_by_indent(const std::vector<SourceLine>& lines, std::size_t at) {
  std::size_t indent = lines[at].indent;
  for (std::size_t back = 1; back <= kFarthestBlock && back <= at && indent > 0; ++back) {
    const SourceLine& line = lines[at - back];
    if (line.code.empty() || line.indent >= indent) continue;
    indent = line.indent;
    if (line.code.ends_with(':') && says_condition(line.code)) return true;
    if (opens_conditional_block(line.code) || names_other_environment(line.code)) return true;
  }
  return false;
}

bool conditional_by_braces(const std::vector<SourceLine>& lines, std::size_t at) {
  int depth = 0;
  for (std::size_t back = 1; back <= kFarthestBlock && back <= at; ++back) {
    const std::string& code = lines[at - back].code;
    bool encloses = false;
    for (std::size_t i = code.size(); i-- > 0;) {
      if (code[i] == '}' || code[i] == ')') ++depth;
      if ((code[i] == '{' || code[i] == '(') && depth-- == 0) {
        depth = 0;
        encloses = true;
      }
    }
    if (encloses && says_condition(code)) return true;
    // "if (development)" and its one statement on the next line.
    if (back == 1 && code.ends_with(')') &&
        (code.starts_with("if(") || code.starts_with("elseif(")))
      return true;
  }
  return false;
}

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

bool is_in_conditional_block(const std::vector<SourceLine>& lines, std::size_t at) {
  return conditional_by_indent(lines, at) || conditional_by_braces(lines, at);
}

bool is_conditional(const std::vector<SourceLine>& lines, std::size_t at) {
  return says_condition(lines[at].code) || is_in_conditional_block(lines, at);
}

}  // namespace rta::files
