// Env files as docker compose v2 reads them (compose-go, package dotenv).
#include "files/compose/compose_variables.h"
#include "files/dotenv/dotenv_reader.h"
#include "files/dotenv/unicode.h"

#include <fmt/format.h>

namespace rta::files {
namespace {

// Blank, but not a line end.
bool is_blank(char32_t c) {
  return c == U'\t' || c == U'\v' || c == U'\f' || c == U'\r' || c == U' ' || c == 0x85 ||
         c == 0xA0;
}

bool is_key_character(char32_t c) {
  return std::u32string_view{U"_.-[]"}.find(c) != std::u32string_view::npos ||
         is_letter_or_number(c);
}

class ComposeReader {
 public:
  ComposeReader(std::u32string_view text, const Environment& environment,
                const Environment& earlier, DotenvBuilder& out)
      : text_(text), lines_(text), environment_(environment), earlier_(earlier), out_(out) {}

  void read() {
    while (skip_to_statement() && !out_.refused()) statement();
  }

 private:
  bool skip_to_statement() {
    while (at_ < text_.size()) {
      if (is_white_space(text_[at_])) {
        ++at_;
      } else if (text_[at_] == U'#') {
        at_ = std::min(text_.find(U'\n', at_), text_.size());
      } else {
        return true;
      }
    }
    return false;
  }

  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }

  void refuse(std::string why, std::size_t offset) {
    out_.refuse(std::move(why), lines_.at(out_.path(), offset));
  }

  void statement() {
    skip_export();
    const std::size_t start = at_;
    std::size_t end = start;
    while (end < text_.size() &&
           std::u32string_view{U"=:\n"}.find(text_[end]) == std::u32string_view::npos) {
      if (!is_blank(text_[end]) && !is_key_character(text_[end])) {
        refuse("unexpected character in variable name", end);
        return;
      }
      ++end;
    }
    std::u32string_view key = text_.substr(start, end - start);
    while (!key.empty() && is_white_space(key.back())) key.remove_suffix(1);
    if (key.find(U' ') != std::u32string_view::npos) {
      refuse("key cannot contain a space", start);
      return;
    }
    const SourceLocation where = lines_.at(out_.path(), start);
    if (end == text_.size()) {
      // compose-go takes a bare word at the very end as the value of "".
      value({}, where);
      return;
    }
    at_ = end + 1;
    skip_blanks();
    if (text_[end] == U'\n') {
      inherit(encode_utf8(key), where);
      return;
    }
    value(encode_utf8(key), where);
  }

  void skip_export() {
    constexpr std::u32string_view kExport = U"export";
    if (!text_.substr(at_).starts_with(kExport)) return;
    const std::size_t after = at_ + kExport.size();
    // The regular expression's \s knows ASCII blanks only, line ends among them.
    if (after >= text_.size() ||
        std::u32string_view{U" \t\n\f\r"}.find(text_[after]) == std::u32string_view::npos)
      return;
    at_ = after;
    skip_blanks();
  }

  void inherit(const std::string& key, const SourceLocation& where) {
    const auto found = environment_.find(key);
    if (found != environment_.end()) out_.add(key, found->second, where);
  }

  void value(std::string key, const SourceLocation& where) {
    const std::size_t start = at_;
    const char32_t quote = at_ < text_.size() ? text_[at_] : U'\0';
    std::optional<std::string> raw;
    if (quote == U'\'' || quote == U'"') {
      raw = quoted(quote);
      if (!raw) {
        refuse("unterminated quoted value", start);
        return;
      }
    } else {
      raw = unquoted();
    }
    if (quote == U'\'') {
      out_.add(std::move(key), std::move(*raw), where);
      return;
    }
    Result<std::string> expanded = expand_compose_variables(
        *raw, [this](const std::string& name) -> std::optional<std::string> {
          if (const auto found = environment_.find(name); found != environment_.end())
            return found->second;
          if (const std::string* line = out_.earlier(name)) return *line;
          const auto file = earlier_.find(name);
          return file == earlier_.end() ? std::nullopt : std::optional{file->second};
        });
    if (!expanded) {
      refuse(expanded.error().what, start);
      return;
    }
    out_.add(std::move(key), std::move(*expanded), where);
  }

  std::string unquoted() {
    const std::size_t end = std::min(text_.find(U'\n', at_), text_.size());
    std::u32string_view line = text_.substr(at_, end - at_);
    at_ = std::min(end + 1, text_.size());
    line = line.substr(0, line.find(U" #"));
    while (!line.empty() && is_white_space(line.back())) line.remove_suffix(1);
    return encode_utf8(line);
  }

  // The text between the quotes; an escaped quote loses its backslash.
  std::optional<std::string> quoted(char32_t quote) {
    std::u32string inside;
    for (std::size_t at = at_ + 1; at < text_.size(); ++at) {
      const char32_t c = text_[at];
      if (c == quote) {
        at_ = at + 1;
        return encode_utf8(quote == U'"' ? unescape(inside) : inside);
      }
      if (c == U'\\' && at + 1 < text_.size()) {
        ++at;
        if (text_[at] != quote) inside.push_back(U'\\');
        inside.push_back(text_[at]);
      } else {
        inside.push_back(c);
      }
    }
    return std::nullopt;
  }

  static std::u32string unescape(std::u32string_view text) {
    std::u32string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
      const char32_t next = at + 1 < text.size() ? text[at + 1] : U'\0';
      constexpr std::u32string_view kNames = U"abfnrtv\\\"";
      constexpr std::u32string_view kMeanings = U"\a\b\f\n\r\t\v\\\"";
      if (text[at] != U'\\' || at + 1 == text.size()) {
        out.push_back(text[at]);
      } else if (const std::size_t found = kNames.find(next); found != std::u32string_view::npos) {
        out.push_back(kMeanings[found]);
        ++at;
      } else if (next == U'$') {
        out += U"$$";  // a literal dollar for the interpolation that follows
        ++at;
      } else if (next == U'0') {
        at += octal(text.substr(at + 2), out) + 1;
      } else if (next == U'c') {
        out += U"\\c";  // matched as an escape, which Go does not know
        ++at;
      } else {
        out.push_back(text[at]);
      }
    }
    return out;
  }

  // \0NNN; fewer digits, or a number above 255, lose only the zero.
  static std::size_t octal(std::u32string_view digits, std::u32string& out) {
    std::size_t count = 0;
    while (count < 3 && count < digits.size() && digits[count] >= U'0' && digits[count] <= U'9')
      ++count;
    char32_t value = 0;
    bool valid = count == 3;
    for (std::size_t i = 0; i < count; ++i) {
      valid = valid && digits[i] <= U'7';
      value = value * 8 + (digits[i] - U'0');
    }
    if (valid && value <= 255) {
      out.push_back(value);
    } else {
      out.push_back(U'\\');
      out += digits.substr(0, count);
    }
    return count;
  }

  std::u32string_view text_;
  Lines<char32_t> lines_;
  const Environment& environment_;
  const Environment& earlier_;  // of env files before this one
  DotenvBuilder& out_;
  std::size_t at_ = 0;
};

}  // namespace

void read_compose_dotenv(std::string_view bytes, const Environment& environment,
                         const Environment& earlier, DotenvBuilder& out) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  const std::u32string text = decode_utf8(bytes);
  ComposeReader{text, environment, earlier, out}.read();
}

}  // namespace rta::files
