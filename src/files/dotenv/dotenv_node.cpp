// npm dotenv, versions 16 to 18: one regular expression over the whole file,
//
//   ^\s*(?:export\s+)?([\w.-]+)(?:\s*=\s*?|:\s+?)
//   (\s*'(?:\\'|[^'])*'|\s*"..."|\s*`...`|[^#\r\n]+)?\s*(?:#.*)?$      (flags m, g)
//
// written out by hand: backtracking is only possible where noted.
#include "files/dotenv/dotenv_reader.h"
#include "files/dotenv/unicode.h"

namespace rta::files {
namespace {

constexpr std::size_t kNone = std::u32string_view::npos;

bool is_line_end(char32_t c) { return c == U'\n' || c == U'\r' || c == 0x2028 || c == 0x2029; }

bool is_key_character(char32_t c) {
  return (c >= U'0' && c <= U'9') || (c >= U'A' && c <= U'Z') || (c >= U'a' && c <= U'z') ||
         c == U'_' || c == U'.' || c == U'-';
}

class NodeReader {
 public:
  NodeReader(std::u32string_view text, DotenvBuilder& out) : text_(text), lines_(text), out_(out) {}

  void read() {
    std::size_t from = 0;
    while (from < text_.size()) {
      const std::size_t line = line_start(from);
      if (line >= text_.size()) return;
      const std::size_t word = skip_spaces(line);
      const std::size_t end = assignment(word);
      // A failure at this word is one for every line start before it, too.
      from = end == kNone ? std::max(word, line) + 1 : end;
    }
  }

 private:
  // The first place from `from` on where a line starts.
  [[nodiscard]] std::size_t line_start(std::size_t from) const {
    while (from < text_.size() && from > 0 && !is_line_end(text_[from - 1])) ++from;
    return from;
  }

  [[nodiscard]] std::size_t skip_spaces(std::size_t at) const {
    while (at < text_.size() && is_javascript_space(text_[at])) ++at;
    return at;
  }

  // The end of the match for an assignment at `word`, or kNone.
  std::size_t assignment(std::size_t word) {
    constexpr std::u32string_view kExport = U"export";
    if (text_.substr(word).starts_with(kExport)) {
      const std::size_t after = skip_spaces(word + kExport.size());
      if (after > word + kExport.size())
        if (const std::size_t end = key_and_value(after); end != kNone) return end;
    }
    return key_and_value(word);
  }

  std::size_t key_and_value(std::size_t key) {
    std::size_t end = key;
    while (end < text_.size() && is_key_character(text_[end])) ++end;
    if (end == key) return kNone;
    const std::size_t sign = skip_spaces(end);
    std::size_t from = kNone;
    if (sign < text_.size() && text_[sign] == U'=')
      from = sign + 1;
    else if (end + 1 < text_.size() && text_[end] == U':' && is_javascript_space(text_[end + 1]))
      from = end + 2;
    if (from == kNone) return kNone;
    const auto [value_end, match_end] = value(from);
    out_.add(encode_utf8(text_.substr(key, end - key)),
             cleaned(text_.substr(from, value_end - from)), lines_.at(out_.path(), key));
    return match_end;
  }

  struct Ends {
    std::size_t value;
    std::size_t match;
  };

  // Something always matches here: at worst nothing, before '#' or a line end.
  [[nodiscard]] Ends value(std::size_t from) const {
    const std::size_t open = skip_spaces(from);
    const char32_t quote = open < text_.size() ? text_[open] : U'\0';
    if (quote == U'\'' || quote == U'"' || quote == U'`')
      if (const Ends ends = quoted(open, quote); ends.match != kNone) return ends;
    std::size_t end = from;
    while (end < text_.size() && text_[end] != U'#' && text_[end] != U'\n') ++end;
    return {end, tail(end)};
  }

  // Closes at the first quote without a backslash, or, when other text follows
  // that one, at the last escaped quote before it that ends its line.
  [[nodiscard]] Ends quoted(std::size_t open, char32_t quote) const {
    std::vector<std::size_t> closes;
    for (std::size_t at = open + 1; at < text_.size(); ++at) {
      if (text_[at] != quote) continue;
      closes.push_back(at);
      if (at == open + 1 || text_[at - 1] != U'\\') break;
    }
    for (auto close = closes.rbegin(); close != closes.rend(); ++close)
      if (const std::size_t end = tail(*close + 1); end != kNone) return {*close + 1, end};
    return {kNone, kNone};
  }

  // \s*(?:#.*)?$ from `at`: the end of the match, or kNone.
  [[nodiscard]] std::size_t tail(std::size_t at) const {
    const std::size_t after = skip_spaces(at);
    if (after == text_.size()) return after;
    if (text_[after] == U'#') {
      std::size_t end = after;
      while (end < text_.size() && !is_line_end(text_[end])) ++end;
      return end;
    }
    for (std::size_t end = after; end > at; --end)
      if (is_line_end(text_[end - 1])) return end - 1;
    return kNone;
  }

  static std::string cleaned(std::u32string_view value) {
    while (!value.empty() && is_javascript_space(value.front())) value.remove_prefix(1);
    while (!value.empty() && is_javascript_space(value.back())) value.remove_suffix(1);
    std::string text = encode_utf8(without_quotes(value));
    if (value.starts_with(U'"')) {
      replace_all(text, "\\n", "\n");
      replace_all(text, "\\r", "\r");
    }
    return text;
  }

  // value.replace(/^(['"`])([\s\S]*)\1$/mg, '$2'): per line start, greedy.
  static std::u32string without_quotes(std::u32string_view value) {
    std::u32string out;
    std::u32string unclosed;  // quotes that nothing closes from here on
    std::size_t at = 0;
    while (at < value.size()) {
      const bool starts_line = at == 0 || is_line_end(value[at - 1]);
      const bool is_quote = value[at] == U'\'' || value[at] == U'"' || value[at] == U'`';
      const bool may_close = starts_line && is_quote && unclosed.find(value[at]) == kNone;
      const std::size_t close = may_close ? last_close(value, at) : kNone;
      if (close == kNone) {
        if (may_close) unclosed.push_back(value[at]);
        out.push_back(value[at++]);
      } else {
        out += value.substr(at + 1, close - at - 1);
        at = close + 1;
      }
    }
    return out;
  }

  static std::size_t last_close(std::u32string_view value, std::size_t open) {
    const char32_t quote = value[open];
    for (std::size_t at = value.size() - 1; at > open; --at)
      if (value[at] == quote && (at + 1 == value.size() || is_line_end(value[at + 1]))) return at;
    return kNone;
  }

  static void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (std::size_t at = text.find(from); at != std::string::npos;
         at = text.find(from, at + to.size()))
      text.replace(at, from.size(), to);
  }

  std::u32string_view text_;
  Lines<char32_t> lines_;
  DotenvBuilder& out_;
};

// text.replace(/\r\n?/mg, '\n')
std::u32string with_line_feeds(std::u32string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == U'\r' && at + 1 < text.size() && text[at + 1] == U'\n') continue;
    out.push_back(text[at] == U'\r' ? U'\n' : text[at]);
  }
  return out;
}

}  // namespace

void read_node_dotenv(std::string_view bytes, DotenvBuilder& out) {
  const std::u32string text = with_line_feeds(decode_utf8(bytes));
  NodeReader{text, out}.read();
}

}  // namespace rta::files
