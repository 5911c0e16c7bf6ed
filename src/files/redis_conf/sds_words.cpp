#include "files/redis_conf/sds_words.h"

#include <fmt/format.h>

namespace rta {
namespace {

// isspace() of the C locale, which Redis uses between words and after quotes.
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// Inside a bare word only these end it: \v and \f are part of it.
bool ends_bare_word(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\0'; }

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text.substr(0, text.find('\0'))) {}

  std::optional<std::vector<std::string>> run() {
    std::vector<std::string> words;
    while (true) {
      while (is_space(at(0))) ++next_;
      if (next_ >= text_.size()) return words;
      std::string word;
      if (!read_word(word)) return std::nullopt;
      words.push_back(std::move(word));
    }
  }

 private:
  // NUL past the end: no text holds one.
  [[nodiscard]] char at(std::size_t ahead) const {
    return next_ + ahead < text_.size() ? text_[next_ + ahead] : '\0';
  }

  bool read_word(std::string& word) {
    while (true) {
      const char c = at(0);
      if (c == '"') return ++next_, read_double_quoted(word);
      if (c == '\'') return ++next_, read_single_quoted(word);
      if (ends_bare_word(c)) return true;
      word += c;
      ++next_;
    }
  }

  // The word ends with its closing quote.
  bool close_quote() {
    ++next_;
    return at(0) == '\0' || is_space(at(0));
  }

  bool read_double_quoted(std::string& word) {
    while (true) {
      const char c = at(0);
      if (c == '\0') return false;
      if (c == '"') return close_quote();
      if (c == '\\' && at(1) != '\0') {
        read_escape(word);
      } else {
        word += c;
        ++next_;
      }
    }
  }

  void read_escape(std::string& word) {
    const int high = hex_digit(at(2));
    const int low = hex_digit(at(3));
    if (at(1) == 'x' && high >= 0 && low >= 0) {
      word += static_cast<char>(high * 16 + low);
      next_ += 4;
      return;
    }
    switch (at(1)) {
      case 'n':
        word += '\n';
        break;
      case 'r':
        word += '\r';
        break;
      case 't':
        word += '\t';
        break;
      case 'b':
        word += '\b';
        break;
      case 'a':
        word += '\a';
        break;
      default:
        word += at(1);
    }
    next_ += 2;
  }

  bool read_single_quoted(std::string& word) {
    while (true) {
      const char c = at(0);
      if (c == '\0') return false;
      if (c == '\'') return close_quote();
      if (c == '\\' && at(1) == '\'') ++next_;
      word += at(0);
      ++next_;
    }
  }

  std::string_view text_;
  std::size_t next_ = 0;
};

}  // namespace

std::optional<std::vector<std::string>> split_sds_words(std::string_view text) {
  return Splitter{text}.run();
}

std::string quote_sds_word(std::string_view word) {
  std::string quoted = "\"";
  for (const char c : word) {
    switch (c) {
      case '\\':
      case '"':
        quoted += {'\\', c};
        break;
      case '\n':
        quoted += "\\n";
        break;
      case '\r':
        quoted += "\\r";
        break;
      case '\t':
        quoted += "\\t";
        break;
      case '\a':
        quoted += "\\a";
        break;
      case '\b':
        quoted += "\\b";
        break;
      default:
        if (c >= 0x20 && c < 0x7F)
          quoted += c;
        else
          quoted += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
  }
  return quoted + '"';
}

}  // namespace rta
