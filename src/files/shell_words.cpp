#include "files/shell_words.h"

#include "base/text.h"

namespace rta {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

class ShellSplitter {
 public:
  Result<std::vector<std::string>> run(std::string_view text) {
    for (const char c : text) {
      if (!step(c)) return Error{"invalid command line string", "", ""};
      if (ended_) break;
    }
    finish_word();
    if (escaped_ || single_ || double_ || back_ || dollar_)
      return Error{"invalid command line string", "", ""};
    return std::move(words_);
  }

 private:
  [[nodiscard]] bool quoted() const { return single_ || double_ || back_ || dollar_; }

  void add(char c) {
    word_ += c;
    open_ = true;
  }

  // A word that only holds escaped characters so far goes on: "a \ b" is "a"
  // and " b".
  void finish_word() {
    if (!open_) return;
    words_.push_back(word_);
    word_.clear();
    open_ = false;
  }

  bool step(char c) {
    const auto byte = static_cast<unsigned char>(c);
    const bool continues = (byte & 0xC0U) == 0x80;  // a character of several bytes
    if (escaped_ || (after_escape_ && continues)) {
      escaped_ = false;
      after_escape_ = true;
      word_ += c;
      return true;
    }
    after_escape_ = false;
    if (c == '\\') {
      // Neither it nor what it escapes begins a word; inside '...' it is text.
      if (single_)
        word_ += c;
      else
        escaped_ = true;
      return true;
    }
    if (is_blank(c)) {
      if (quoted())
        word_ += c;
      else
        finish_word();
      return true;
    }
    switch (c) {
      case '`':
        if (!single_ && !double_ && !dollar_) back_ = !back_;
        break;
      case ')':
        if (!single_ && !double_ && !back_) dollar_ = !dollar_;
        break;
      case '(':
        if (single_ || double_ || back_) break;
        if (dollar_ || !word_.ends_with('$')) return false;
        dollar_ = true;
        word_ += c;
        return true;
      case '"':
        if (single_ || dollar_) break;
        open_ = open_ || double_;
        double_ = !double_;
        return true;
      case '\'':
        if (double_ || dollar_) break;
        open_ = open_ || single_;
        single_ = !single_;
        return true;
      case ';':
      case '&':
      case '|':
      case '<':
      case '>':
        if (quoted()) break;
        // "2>file": the descriptor is no word.
        if (c == '>' && !word_.empty() && word_[0] >= '0' && word_[0] <= '9') open_ = false;
        ended_ = true;
        return true;
      default:
        break;
    }
    add(c);
    return true;
  }

  std::vector<std::string> words_;
  std::string word_;
  bool open_ = false, ended_ = false, escaped_ = false, after_escape_ = false;
  bool single_ = false, double_ = false, back_ = false, dollar_ = false;
};

bool is_redis_server(std::string_view word) {
  return word.substr(word.rfind('/') + 1) == "redis-server";
}

}  // namespace

Result<std::vector<std::string>> split_shell_words(std::string_view text) {
  return ShellSplitter{}.run(text);
}

std::optional<std::vector<std::string>> redis_command_of_script(std::string_view script) {
  // Only the last line or list member may be the server; it must be plain.
  script = trim(script);
  for (const std::string_view separator : {"&&", ";", "\n"})
    if (const std::size_t at = script.rfind(separator); at != std::string_view::npos)
      script = trim(script.substr(at + separator.size()));
  if (script.find_first_of("$`|&<>(){}*?[]~#") != std::string_view::npos) return std::nullopt;
  Result<std::vector<std::string>> words = split_shell_words(script);
  if (!words || words->empty()) return std::nullopt;
  if (words->front() == "exec") words->erase(words->begin());
  if (words->empty() || !is_redis_server(words->front())) return std::nullopt;
  return std::move(*words);
}

}  // namespace rta
