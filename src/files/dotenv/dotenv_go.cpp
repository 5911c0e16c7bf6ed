// joho/godotenv 1.5.1. It reads bytes and takes each for a Latin-1 letter when
// it looks at keys.
#include "files/dotenv/dotenv_reader.h"
#include "files/dotenv/unicode.h"

#include <fmt/format.h>

namespace rta::files {
namespace {

bool is_blank(char32_t c) {
  return c == U'\t' || c == U'\v' || c == U'\f' || c == U'\r' || c == U' ' || c == 0x85 ||
         c == 0xA0;
}
bool is_upper_word(char c) { return c == '_' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); }

class GoReader {
 public:
  GoReader(std::string_view text, DotenvBuilder& out) : text_(text), lines_(text), out_(out) {}

  void read() {
    while (skip_to_statement() && !out_.refused()) statement();
  }

 private:
  // The code point at `at` and its size in bytes.
  [[nodiscard]] std::pair<char32_t, std::size_t> rune(std::size_t at) const {
    const std::u32string decoded = decode_utf8(text_.substr(at, 4));
    std::string encoded;
    append_utf8(encoded, decoded.front());
    return {decoded.front(), decoded.front() == 0xFFFD ? 1 : encoded.size()};
  }

  template <class Predicate>
  void skip(Predicate predicate) {
    while (at_ < text_.size()) {
      const auto [c, size] = rune(at_);
      if (!predicate(c)) return;
      at_ += size;
    }
  }

  bool skip_to_statement() {
    for (;;) {
      skip(is_white_space);
      if (at_ >= text_.size()) return false;
      if (text_[at_] != '#') return true;
      at_ = std::min(text_.find('\n', at_), text_.size());
    }
  }

  void refuse(const char* why, std::size_t offset) {
    out_.refuse(why, lines_.at(out_.path(), offset));
  }

  void statement() {
    skip(is_blank);
    if (text_.substr(at_).starts_with("export") && at_ + 6 < text_.size() &&
        is_blank(rune(at_ + 6).first)) {
      at_ += 6;
      skip(is_blank);
    }
    const std::size_t start = at_;
    std::size_t end = start;
    for (; end < text_.size() && text_[end] != '=' && text_[end] != ':'; ++end) {
      const char32_t c = static_cast<unsigned char>(text_[end]);
      if (is_blank(c) || c == U'_' || c == U'.' || is_letter_or_number(c)) continue;
      refuse("unexpected character in variable name", end);
      return;
    }
    if (start == text_.size()) return refuse("zero length string", start);
    std::string key;
    if (end < text_.size()) {
      std::u32string name = decode_utf8(text_.substr(start, end - start));
      while (!name.empty() && is_white_space(name.back())) name.pop_back();
      key = encode_utf8(name);
      at_ = end + 1;
    }
    skip(is_blank);
    value(std::move(key), lines_.at(out_.path(), start));
  }

  void value(std::string key, const SourceLocation& where) {
    const char quote = at_ < text_.size() ? text_[at_] : '\0';
    if (quote != '"' && quote != '\'') {
      out_.add(std::move(key), expanded(unquoted()), where);
      return;
    }
    std::size_t close = at_ + 1;
    while (close < text_.size() && (text_[close] != quote || text_[close - 1] == '\\')) ++close;
    if (close >= text_.size()) return refuse("unterminated quoted value", at_);
    std::string_view inside = text_.substr(at_, close - at_);
    while (inside.ends_with(quote)) inside.remove_suffix(1);
    while (inside.starts_with(quote)) inside.remove_prefix(1);
    std::string text{inside};
    if (quote == '"') text = expanded(unescaped(text));
    out_.add(std::move(key), replace_bad_utf8(text), where);
    at_ = close + 1;
  }

  std::string unquoted() {
    const std::size_t end = std::min(text_.find_first_of("\r\n", at_), text_.size());
    const std::u32string line = decode_utf8(text_.substr(at_, end - at_));
    at_ = end;
    std::u32string_view value{line};
    for (std::size_t i = value.size(); i-- > 1;)
      if (value[i] == U'#' && is_blank(value[i - 1])) {
        value = value.substr(0, i);
        break;
      }
    while (!value.empty() && is_blank(value.front())) value.remove_prefix(1);
    while (!value.empty() && is_blank(value.back())) value.remove_suffix(1);
    return encode_utf8(value);
  }

  // \n and \r have a meaning; of every other escape but \$ the backslash goes.
  static std::string unescaped(std::string_view text) {
    std::string once;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const bool escape = text[i] == '\\' && i + 1 < text.size() && text[i + 1] != '\n';
      if (!escape) {
        once.push_back(text[i]);
        continue;
      }
      const char next = text[++i];
      if (next == 'n')
        once.push_back('\n');
      else if (next == 'r')
        once.push_back('\r');
      else
        once.append({'\\', next});
    }
    std::string twice;
    for (std::size_t i = 0; i < once.size(); ++i) {
      if (once[i] == '\\' && i + 1 < once.size() && once[i + 1] != '$') ++i;
      twice.push_back(once[i]);
    }
    return twice;
  }

  // (\\)?(\$)(\()?\{?([A-Z0-9_]+)?\}?
  [[nodiscard]] std::string expanded(std::string_view text) const {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
      const bool escaped = text[at] == '\\' && at + 1 < text.size() && text[at + 1] == '$';
      if (text[at] != '$' && !escaped) {
        out.push_back(text[at++]);
        continue;
      }
      const std::size_t start = at;
      at += escaped ? 2 : 1;
      const bool command = at < text.size() && text[at] == '(';
      if (command) ++at;
      if (at < text.size() && text[at] == '{') ++at;
      const std::size_t name = at;
      while (at < text.size() && is_upper_word(text[at])) ++at;
      const std::string variable{text.substr(name, at - name)};
      if (at < text.size() && text[at] == '}') ++at;
      if (escaped || command) {
        out += text.substr(start + 1, at - start - 1);
      } else if (!variable.empty()) {
        if (const std::string* earlier = out_.earlier(variable)) out += *earlier;
      } else {
        out += text.substr(start, at - start);
      }
    }
    return out;
  }

  std::string_view text_;
  Lines<char> lines_;
  DotenvBuilder& out_;
  std::size_t at_ = 0;
};

}  // namespace

void read_go_dotenv(std::string_view bytes, DotenvBuilder& out) {
  std::string text;
  text.reserve(bytes.size());
  for (std::size_t at = 0; at < bytes.size(); ++at)
    if (bytes[at] != '\r' || at + 1 == bytes.size() || bytes[at + 1] != '\n')
      text.push_back(bytes[at]);
  GoReader{text, out}.read();
}

}  // namespace rta::files
