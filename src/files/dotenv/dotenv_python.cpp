// python-dotenv (0.21 and later; a byte order mark is still part of the first
// key in 1.2.2). Values are those of dotenv_values().
#include "files/dotenv/dotenv_reader.h"
#include "files/dotenv/unicode.h"

namespace rta::files {
namespace {

constexpr std::size_t kNone = std::u32string_view::npos;

bool is_line_end(char32_t c) { return c == U'\r' || c == U'\n'; }
bool is_blank(char32_t c) { return is_python_space(c) && !is_line_end(c); }

// open() in text mode: universal newlines.
std::u32string with_line_feeds(std::u32string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == U'\r' && at + 1 < text.size() && text[at + 1] == U'\n') continue;
    out.push_back(text[at] == U'\r' ? U'\n' : text[at]);
  }
  return out;
}

std::u32string unescape(std::u32string_view text, std::u32string_view names,
                        std::u32string_view meanings) {
  std::u32string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::size_t found =
        text[at] == U'\\' && at + 1 < text.size() ? names.find(text[at + 1]) : kNone;
    out.push_back(found == kNone ? text[at] : meanings[found]);
    if (found != kNone) ++at;
  }
  return out;
}

class PythonReader {
 public:
  PythonReader(std::u32string_view text, const Environment& environment, DotenvBuilder& out)
      : text_(text), lines_(text), environment_(environment), out_(out) {}

  void read() {
    while (at_ < text_.size()) binding();
  }

 private:
  [[nodiscard]] char32_t peek() const { return at_ < text_.size() ? text_[at_] : U'\0'; }
  [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }

  template <class Predicate>
  void skip(Predicate predicate) {
    while (!at_end() && predicate(text_[at_])) ++at_;
  }
  void skip_rest_of_line() {
    skip([](char32_t c) { return !is_line_end(c); });
    if (!at_end()) ++at_;
  }

  // One statement; a bad one is dropped to the end of its line.
  void binding() {
    skip(is_python_space);
    if (at_end()) return;
    skip_export();
    const std::size_t start = at_;
    std::optional<std::u32string> key;
    if (peek() != U'#') {
      key = read_key();
      if (!key) return skip_rest_of_line();
    }
    skip(is_blank);
    std::optional<std::u32string> value;
    if (peek() == U'=' && !at_end()) {
      ++at_;
      skip(is_blank);
      value = read_value();
      if (!value) return skip_rest_of_line();
    }
    if (!end_statement()) return skip_rest_of_line();
    if (key) add(encode_utf8(*key), value, start);
  }

  void skip_export() {
    constexpr std::u32string_view kExport = U"export";
    if (!text_.substr(at_).starts_with(kExport)) return;
    const std::size_t after = at_ + kExport.size();
    if (after >= text_.size() || !is_blank(text_[after])) return;
    at_ = after;
    skip(is_blank);
  }

  std::optional<std::u32string> read_key() {
    const std::size_t start = at_;
    if (peek() == U'\'') {
      const std::size_t close = text_.find(U'\'', start + 1);
      if (close == kNone || close == start + 1) return std::nullopt;
      at_ = close + 1;
      return std::u32string{text_.substr(start + 1, close - start - 1)};
    }
    skip([](char32_t c) { return c != U'=' && c != U'#' && !is_python_space(c); });
    if (at_ == start) return std::nullopt;
    return std::u32string{text_.substr(start, at_ - start)};
  }

  std::optional<std::u32string> read_value() {
    if (at_end() || is_line_end(peek())) return std::u32string{};
    if (peek() == U'\'') return quoted(U'\'', U"\\'", U"\\'");
    if (peek() == U'"') return quoted(U'"', U"\\'\"abfnrtv", U"\\'\"\a\b\f\n\r\t\v");
    return unquoted();
  }

  // Closes at the first quote without a backslash, else at the last one with.
  std::optional<std::u32string> quoted(char32_t quote, std::u32string_view names,
                                       std::u32string_view meanings) {
    std::size_t close = kNone;
    for (std::size_t at = at_ + 1; at < text_.size(); ++at) {
      if (text_[at] != quote) continue;
      close = at;
      if (at == at_ + 1 || text_[at - 1] != U'\\') break;
    }
    if (close == kNone) return std::nullopt;
    std::u32string value = unescape(text_.substr(at_ + 1, close - at_ - 1), names, meanings);
    at_ = close + 1;
    return value;
  }

  std::u32string unquoted() {
    const std::size_t start = at_;
    skip([](char32_t c) { return !is_line_end(c); });
    std::u32string_view line = text_.substr(start, at_ - start);
    for (std::size_t hash = line.find(U'#'); hash != kNone; hash = line.find(U'#', hash + 1))
      if (hash > 0 && is_python_space(line[hash - 1])) line = line.substr(0, hash);
    while (!line.empty() && is_python_space(line.back())) line.remove_suffix(1);
    return std::u32string{line};
  }

  // A comment, blanks, the line end. False when other text follows.
  bool end_statement() {
    const std::size_t start = at_;
    skip(is_blank);
    if (peek() == U'#')
      skip([](char32_t c) { return !is_line_end(c); });
    else
      at_ = start;
    std::size_t end = at_;
    while (end < text_.size() && is_blank(text_[end])) ++end;
    if (end < text_.size() && !is_line_end(text_[end])) return false;
    at_ = std::min(end + 1, text_.size());
    return true;
  }

  void add(std::string key, const std::optional<std::u32string>& value, std::size_t start) {
    std::optional<std::string> resolved;
    if (value) resolved = encode_utf8(resolve(*value));
    out_.add(std::move(key), std::move(resolved), lines_.at(out_.path(), start));
  }

  // ${NAME} and ${NAME:-default}; NAME reaches to the next ':' or '}'.
  [[nodiscard]] std::u32string resolve(std::u32string_view value) const {
    std::u32string out;
    std::size_t copied = 0;
    std::size_t stop = 0;  // the first ':' or '}' at or after the name's start
    for (std::size_t open = value.find(U"${"); open != kNone; open = value.find(U"${", open)) {
      const std::size_t name = open + 2;
      if (stop < name) stop = std::min(value.find_first_of(U":}", name), value.size());
      std::size_t close = stop;
      std::u32string_view fallback;
      if (value.substr(stop).starts_with(U":-")) {
        close = value.find(U'}', stop);
        if (close == kNone) break;
        fallback = value.substr(stop + 2, close - stop - 2);
      }
      if (close >= value.size() || value[close] != U'}') {
        ++open;
        continue;
      }
      out += value.substr(copied, open - copied);
      out += lookup(encode_utf8(value.substr(name, stop - name)), fallback);
      copied = open = close + 1;
    }
    return out += value.substr(copied);
  }

  [[nodiscard]] std::u32string lookup(const std::string& name, std::u32string_view fallback) const {
    if (const std::string* earlier = out_.earlier(name)) return decode_utf8(*earlier);
    if (out_.has(name)) return {};  // an earlier bare NAME
    if (const auto found = environment_.find(name); found != environment_.end())
      return out_.spend(found->second.size()) ? decode_utf8(found->second) : std::u32string{};
    return std::u32string{fallback};
  }

  std::u32string_view text_;
  Lines<char32_t> lines_;
  const Environment& environment_;
  DotenvBuilder& out_;
  std::size_t at_ = 0;
};

}  // namespace

void read_python_dotenv(std::string_view bytes, const Environment& environment,
                        DotenvBuilder& out) {
  if (!is_valid_utf8(bytes)) {
    out.refuse("UnicodeDecodeError: not UTF-8, nothing is loaded", {out.path(), 0, 0});
    return;
  }
  const std::u32string text = with_line_feeds(decode_utf8(bytes));
  PythonReader{text, environment, out}.read();
}

}  // namespace rta::files
