// A file that a POSIX shell sources (". file"), as far as it consists of
// assignments. Commands are never run: a value that a command, a special
// parameter or arithmetic would decide has no value here, and a file with
// control structures is refused as a program.
#include <redis_tls_audit/limits.h>

#include "files/dotenv_reader.h"
#include "files/unicode.h"

namespace rta::files {
namespace {

bool starts_name(char c) { return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool continues_name(char c) { return starts_name(c) || (c >= '0' && c <= '9'); }

struct Word {
  std::string text;  // after quotes and expansion
  std::size_t start = 0;
  std::size_t plain = 0;  // leading characters of `text` that were not quoted
  bool known = true;      // false: a command or special parameter decides
};

// ShellReader splits one file into simple commands and keeps those that are
// assignments only, or "export" with assignments.
class ShellReader {
 public:
  ShellReader(std::string_view text, const Environment& environment, DotenvBuilder& out)
      : text_(text), lines_(text), environment_(environment), out_(out) {}

  void read() {
    while (at_ < text_.size() && !out_.refused()) simple_command();
  }

 private:
  void refuse(const char* why, std::size_t offset) {
    if (!out_.refused()) out_.refuse(why, lines_.at(out_.path(), offset));
  }

  // Words up to a separator, then the verdict over them.
  void simple_command() {
    std::vector<Word> words;
    bool background = false;
    while (at_ < text_.size() && !out_.refused()) {
      const char c = text_[at_];
      if (c == ' ' || c == '\t') {
        ++at_;
      } else if (c == '\\' && text_.substr(at_).starts_with("\\\n")) {
        at_ += 2;
      } else if (c == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (c == '\n' || c == ';') {
        ++at_;
        break;
      } else if (c == '&' || c == '|') {
        const bool both =
            text_.substr(at_).starts_with("&&") || text_.substr(at_).starts_with("||");
        background = !both;  // runs in a shell of its own
        at_ += both ? 2 : 1;
        break;
      } else if (c == '(' || c == ')' || c == '<' || c == '>') {
        return refuse("a shell program, not a list of assignments", at_);
      } else {
        words.push_back(word());
      }
    }
    if (!out_.refused() && !background) take(words);
  }

  static std::size_t name_length(const Word& word) {
    std::size_t end = 0;
    if (!word.text.empty() && starts_name(word.text.front()))
      while (end < word.plain && continues_name(word.text[end])) ++end;
    return end;
  }
  static bool is_assignment(const Word& word) {
    const std::size_t end = name_length(word);
    return end > 0 && end < word.plain && word.text[end] == '=';
  }

  void take(std::vector<Word>& words) {
    if (words.empty()) return;
    const std::string& first = words.front().text;
    constexpr std::array kReserved{"if", "then", "else", "elif", "fi", "for", "while", "until",
                                   "do", "done", "case", "esac", "{",  "}",   "!",     "function"};
    if (std::ranges::find(kReserved, first) != kReserved.end())
      return refuse("a shell program, not a list of assignments", words.front().start);
    if (first == "export")
      words.erase(words.begin());
    else if (!std::ranges::all_of(words, is_assignment))
      return;  // a command with its own environment
    for (Word& word : words)
      if (is_assignment(word)) assign(word);
  }

  void assign(const Word& word) {
    const std::size_t end = name_length(word);
    std::optional<std::string> value;
    if (word.known) value = replace_bad_utf8(std::string_view{word.text}.substr(end + 1));
    out_.add(word.text.substr(0, end), std::move(value), lines_.at(out_.path(), word.start));
  }

  Word word() {
    Word word{.text = {}, .start = at_};
    bool quoted = false;
    while (at_ < text_.size() && !out_.refused()) {
      const char c = text_[at_];
      if (std::string_view{" \t\n;&|()<>"}.find(c) != std::string_view::npos) break;
      if (c == '\'') {
        quoted = true;
        single_quoted(word);
      } else if (c == '"') {
        quoted = true;
        double_quoted(word);
      } else if (c == '\\') {
        quoted = true;
        escaped(word);
      } else if (c == '$' || c == '`') {
        quoted = true;
        expansion(word, 0);
      } else {
        word.text.push_back(c);
        ++at_;
      }
      if (!quoted) word.plain = word.text.size();
    }
    return word;
  }

  void single_quoted(Word& word) {
    const std::size_t close = text_.find('\'', at_ + 1);
    if (close == std::string_view::npos) return refuse("Unterminated quoted string", at_);
    word.text += text_.substr(at_ + 1, close - at_ - 1);
    at_ = close + 1;
  }

  void escaped(Word& word) {
    if (at_ + 1 >= text_.size()) {
      word.text.push_back('\\');
      ++at_;
      return;
    }
    if (text_[at_ + 1] != '\n') word.text.push_back(text_[at_ + 1]);
    at_ += 2;
  }

  void double_quoted(Word& word) {
    const std::size_t open = at_++;
    while (at_ < text_.size() && !out_.refused()) {
      const char c = text_[at_];
      if (c == '"') {
        ++at_;
        return;
      }
      if (c == '\\' && at_ + 1 < text_.size()) {
        const char next = text_[at_ + 1];
        if (std::string_view{"\"\\$`\n"}.find(next) == std::string_view::npos)
          word.text.push_back('\\');
        if (next != '\n') word.text.push_back(next);
        at_ += 2;
      } else if (c == '$' || c == '`') {
        expansion(word, 0);
      } else {
        word.text.push_back(c);
        ++at_;
      }
    }
    refuse("Unterminated quoted string", open);
  }

  // $NAME, ${NAME} and its operators; anything else makes the word unknown.
  void expansion(Word& word, std::size_t depth) {
    const std::size_t start = at_;
    if (depth > limits::kNesting) return refuse("nested too deeply", start);
    if (text_[at_] == '`') return command('`', word);
    ++at_;
    if (at_ >= text_.size()) {
      word.text.push_back('$');
      return;
    }
    const char c = text_[at_];
    if (c == '(') return command(')', word);
    if (c == '{') return braced(word, depth);
    std::size_t end = at_;
    if (starts_name(c))
      while (end < text_.size() && continues_name(text_[end])) ++end;
    if (end > at_) {
      word.text += lookup(std::string{text_.substr(at_, end - at_)}, word).value_or("");
      at_ = end;
    } else if (std::string_view{"$?!#*@-0123456789"}.find(c) != std::string_view::npos) {
      word.known = false;
      ++at_;
    } else {
      word.text.push_back('$');
    }
  }

  // `...` or $(...): what it prints is not known, where it ends roughly is.
  void command(char close, Word& word) {
    const std::size_t start = at_++;
    word.known = false;
    int open = 1;
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\\') {
        ++at_;
      } else if (text_[at_] == close && --open == 0) {
        ++at_;
        return;
      } else if (close == ')' && text_[at_] == '(') {
        ++open;
      }
    }
    at_ = text_.size();
    refuse("Unterminated command substitution", start);
  }

  void braced(Word& word, std::size_t depth) {
    const std::size_t open = at_++;
    std::size_t end = at_;
    if (end < text_.size() && starts_name(text_[end]))
      while (end < text_.size() && continues_name(text_[end])) ++end;
    if (end == at_) return refuse("Bad substitution", open);
    const std::string name{text_.substr(at_, end - at_)};
    at_ = end;
    if (at_ < text_.size() && text_[at_] == '}') {
      ++at_;
      word.text += lookup(name, word).value_or("");
      return;
    }
    const bool or_empty = at_ < text_.size() && text_[at_] == ':';
    if (or_empty) ++at_;
    const char operation = at_ < text_.size() ? text_[at_] : '\0';
    if (std::string_view{"-+?="}.find(operation) == std::string_view::npos || operation == '\0') {
      word.known = false;  // ${A%pattern} and the like
      skip_to_brace(open);
      return;
    }
    ++at_;
    Word fallback;
    operand(fallback, open, depth);
    const std::optional<std::string> value = lookup(name, word);
    const bool given = value && !(or_empty && value->empty());
    if (operation == '?' && !given) return refuse("parameter not set", open);
    if (operation == '+')
      word.text += given ? fallback.text : "";
    else
      word.text += given ? *value : fallback.text;
    const bool used = operation == '+' ? given : !given;
    if (used && !fallback.known) word.known = false;
  }

  // The word of an operator, up to its closing brace.
  void operand(Word& word, std::size_t open, std::size_t depth) {
    while (at_ < text_.size() && !out_.refused()) {
      const char c = text_[at_];
      if (c == '}') {
        ++at_;
        return;
      }
      if (c == '\'')
        single_quoted(word);
      else if (c == '\\')
        escaped(word);
      else if (c == '$' || c == '`')
        expansion(word, depth + 1);
      else if (c == '"')
        ++at_;
      else {
        word.text.push_back(c);
        ++at_;
      }
    }
    refuse("Missing '}'", open);
  }

  void skip_to_brace(std::size_t open) {
    const std::size_t close = text_.find('}', at_);
    if (close == std::string_view::npos) return refuse("Missing '}'", open);
    at_ = close + 1;
  }

  // What the file set before wins: it is the shell's own variable by now.
  std::optional<std::string> lookup(const std::string& name, Word& word) const {
    if (const std::string* earlier = out_.earlier(name)) return *earlier;
    if (out_.has(name)) {
      word.known = false;  // set by something that was not run
      return std::nullopt;
    }
    const auto found = environment_.find(name);
    return found == environment_.end() ? std::nullopt : std::optional{found->second};
  }

  std::string_view text_;
  Lines<char> lines_;
  const Environment& environment_;
  DotenvBuilder& out_;
  std::size_t at_ = 0;
};

}  // namespace

void read_shell_assignments(std::string_view bytes, const Environment& environment,
                            DotenvBuilder& out) {
  ShellReader{bytes, environment, out}.read();
}

}  // namespace rta::files
