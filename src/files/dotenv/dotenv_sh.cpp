// A file that a POSIX shell (dash) sources (". file"), as far as it consists of
// assignments. Commands are never run: a value that a command, a special
// parameter or arithmetic would decide has no value here, and a file with
// control structures is refused as a program.
#include <redis_tls_audit/limits.h>

#include "files/dotenv/dotenv_reader.h"
#include "files/dotenv/unicode.h"

namespace rta::files {
namespace {

bool starts_name(char c) { return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool continues_name(char c) { return starts_name(c) || (c >= '0' && c <= '9'); }

struct Word {
  std::string text;  // after quotes and expansion
  std::size_t start = 0;
  std::size_t plain = 0;  // leading characters of `text` that were not quoted
  bool known = true;      // false: a command or special parameter decides
  bool quoted = false;    // by quotes: it stays, even when it is empty
};

// When a command runs, by the answer of the one before.
enum class Join { always, if_succeeded, if_failed };

// ShellReader splits one file into simple commands and keeps those that are
// assignments only, or "export" with assignments.
class ShellReader {
 public:
  ShellReader(std::string_view text, const Environment& environment, DotenvBuilder& out)
      : text_(text), lines_(text), environment_(environment), out_(out) {}

  void read() {
    while (at_ < text_.size() && !out_.refused() && !returned_) simple_command();
  }

 private:
  void refuse(const char* why, std::size_t offset) {
    if (!out_.refused()) out_.refuse(why, lines_.at(out_.path(), offset));
  }

  // Words up to a separator, then the verdict over them.
  void simple_command() {
    std::vector<Word> words;
    bool background = false;
    Join next = Join::always;
    while (at_ < text_.size() && !out_.refused()) {
      const char c = text_[at_];
      if (c == ' ' || c == '\t') {
        ++at_;
      } else if (c == '\\' && text_.substr(at_).starts_with("\\\n")) {
        at_ += 2;
      } else if (c == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (c == '\n' || c == ';') {
        if (c == ';' && words.empty()) return refuse("Syntax error: \";\" unexpected", at_);
        ++at_;
        break;
      } else if (c == '&' || c == '|') {
        if (words.empty()) return refuse("Syntax error: \"&\" or \"|\" unexpected", at_);
        const bool both =
            text_.substr(at_).starts_with("&&") || text_.substr(at_).starts_with("||");
        background = !both;  // runs in a shell of its own
        if (both) next = c == '&' ? Join::if_succeeded : Join::if_failed;
        at_ += both ? 2 : 1;
        break;
      } else if (c == '(' || c == ')') {
        return refuse("a shell program, not a list of assignments", at_);
      } else if (c == '<' || c == '>') {
        if (!redirection(words)) return;
      } else {
        words.push_back(word());
      }
    }
    if (!out_.refused() && !background) run(words);
    join_ = next;
    if (background) succeeded_ = true;
  }

  // A file that is read may be missing, and then nothing is assigned.
  bool redirection(std::vector<Word>& words) {
    const std::size_t start = at_;
    const bool reads = text_[at_] == '<';
    if (text_.substr(at_).starts_with("<<")) {
      refuse("a shell program, not a list of assignments", start);
      return false;
    }
    const bool two = text_.substr(at_).starts_with(">>") || text_.substr(at_).starts_with("<>");
    at_ += two ? 2U : 1U;
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
    if (word().start == at_) {
      refuse("Syntax error: newline unexpected", start);
      return false;
    }
    if (reads)
      for (Word& word : words) word.known = false;
    return true;
  }

  // "a && b" and "a || b": whether b runs, as far as that is known.
  void run(std::vector<Word>& words) {
    const bool wanted = join_ != Join::if_failed;
    if (join_ != Join::always && succeeded_ && *succeeded_ != wanted) return;
    if (join_ != Join::always && !succeeded_)
      for (Word& word : words) word.known = false;
    take(words);
  }

  // The name that a word begins with; in front of a command it is unquoted.
  static std::size_t name_length(const Word& word, std::size_t most) {
    std::size_t end = 0;
    if (!word.text.empty() && starts_name(word.text.front()))
      while (end < most && end < word.text.size() && continues_name(word.text[end])) ++end;
    return end;
  }
  static bool is_assignment(const Word& word) {
    const std::size_t end = name_length(word, word.plain);
    return end > 0 && end < word.plain && word.text[end] == '=';
  }
  static bool is_special(std::string_view command) {
    constexpr std::array kSpecial{":",     ".",     "eval",  "exec", "export", "readonly", "set",
                                  "unset", "shift", "times", "trap", "return", "exit"};
    return std::ranges::find(kSpecial, command) != kSpecial.end();
  }
  static bool is_exported(const Word& word) {
    const std::size_t end = name_length(word, word.text.size());
    return end > 0 && (end == word.text.size() || word.text[end] == '=');
  }

  void take(std::vector<Word>& words) {
    // What expands to nothing is no word.
    std::erase_if(words,
                  [](const Word& word) { return word.text.empty() && !word.quoted && word.known; });
    if (words.empty()) return;
    // A special command keeps the assignments in front of it.
    const auto special = std::ranges::find_if_not(words, is_assignment);
    if (special != words.end() && special != words.begin() && is_special(special->text)) {
      std::vector<Word> before{words.begin(), special};
      words.erase(words.begin(), special);
      take(before);
    }
    const std::string& first = words.front().text;
    constexpr std::array kReserved{"if", "then", "else", "elif", "fi", "for", "while", "until",
                                   "do", "done", "case", "esac", "{",  "}",   "!",     "function"};
    if (std::ranges::find(kReserved, first) != kReserved.end())
      return refuse("a shell program, not a list of assignments", words.front().start);
    if (first == "return" || first == "exit") return leave(first, words.front().start);
    succeeded_ = true;
    if (first == "export") {
      words.erase(words.begin());
      for (const Word& word : words) {
        if (word.text == "-p" || (word.text.empty() && !word.known)) continue;
        if (!is_exported(word)) return refuse("export: bad variable name", word.start);
        if (word.text.find('=') != std::string::npos) assign(word);
      }
      return;
    } else if (first == "unset") {
      for (const Word& word : words) out_.forget(word.text);
      return;
    } else if (!std::ranges::all_of(words, is_assignment)) {
      // A command with its own environment; what it answers is known for three.
      const auto command = std::ranges::find_if_not(words, is_assignment);
      succeeded_.reset();
      // A substitution may leave no command at all, and then they are set.
      if (!command->known)
        for (Word& word : words) {
          word.known = false;
          if (is_assignment(word)) assign(word);
        }
      if (command->text == "true" || command->text == ":") succeeded_ = true;
      if (command->text == "false") succeeded_ = false;
      return;
    }
    for (Word& word : words)
      if (is_assignment(word)) assign(word);
  }

  void leave(const std::string& how, std::size_t start) {
    if (how == "exit") return refuse("a shell program that ends itself", start);
    returned_ = true;
  }

  void assign(const Word& word) {
    const std::size_t end = name_length(word, word.text.size());
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
        quoted = word.quoted = true;
        single_quoted(word);
      } else if (c == '"') {
        quoted = word.quoted = true;
        double_quoted(word);
      } else if (c == '\\') {
        quoted = true;
        escaped(word);
      } else if (c == '$' || c == '`') {
        quoted = true;
        expansion(word, 0);
      } else if (c == '~' && may_be_home(word, quoted)) {
        quoted = true;
        home(word);
      } else {
        word.text.push_back(c);
        ++at_;
      }
      if (!quoted) word.plain = word.text.size();
    }
    return word;
  }

  // In an assignment, behind '=' or ':' and before '/', ':' or the end.
  bool may_be_home(const Word& word, bool quoted) const {
    if (word.text.empty() || text_[at_ - 1] != word.text.back()) return false;
    const char before = word.text.back();
    if (before != '=' && before != ':') return false;
    if (!quoted && word.text.find('=') == std::string::npos) return false;
    return at_ + 1 >= text_.size() ||
           std::string_view{"/: \t\n;&|"}.find(text_[at_ + 1]) != std::string_view::npos;
  }

  void home(Word& word) {
    ++at_;
    word.text += lookup("HOME", word).value_or("~");
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
    char quote = '\0';
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\\' && quote != '\'') {
        ++at_;
      } else if (close == '`' && c == close && quote != '\0') {
        return refuse("Unterminated quoted string", start);
      } else if (quote != '\0' || c == '"' || c == '\'') {
        if (quote == '\0')
          quote = c;
        else if (c == quote)
          quote = '\0';
      } else if (c == close && --open == 0) {
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
    if (operation == '=' && !given)
      out_.add(name, fallback.known ? std::optional{replace_bad_utf8(fallback.text)} : std::nullopt,
               lines_.at(out_.path(), open));
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
    const bool known = found != environment_.end() && out_.spend(found->second.size());
    return known ? std::optional{found->second} : std::nullopt;
  }

  std::string_view text_;
  Lines<char> lines_;
  const Environment& environment_;
  DotenvBuilder& out_;
  std::size_t at_ = 0;
  Join join_ = Join::always;              // of the command to come
  std::optional<bool> succeeded_ = true;  // the command before, where that is known
  bool returned_ = false;
};

}  // namespace

void read_shell_assignments(std::string_view bytes, const Environment& environment,
                            DotenvBuilder& out) {
  ShellReader{bytes, environment, out}.read();
}

}  // namespace rta::files
