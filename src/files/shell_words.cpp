#include "files/shell_words.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace rta {
namespace {

constexpr std::size_t kLongestCommand = 2UL * 1024 * 1024;  // as execve() takes it

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

// Commands between "&&", ";" and line ends that stand outside of quotes.
// Nothing: a quote never closes.
std::optional<std::vector<std::string>> plain_commands(std::string_view script) {
  std::vector<std::string> commands{{}};
  char quote = 0;
  for (std::size_t at = 0; at < script.size(); ++at) {
    const char c = script[at];
    if (quote == 0 && (c == ';' || c == '\n' || script.substr(at, 2) == "&&")) {
      if (c == '&') ++at;
      commands.emplace_back();
      continue;
    }
    if (c == '\\' && quote != '\'' && at + 1 < script.size()) {
      // A joined line is a blank here: words are all that is asked for.
      if (script[at + 1] == '\n')
        commands.back() += ' ';
      else
        commands.back() += script.substr(at, 2);
      ++at;
      continue;
    }
    if (quote == 0 && (c == '"' || c == '\''))
      quote = c;
    else if (c == quote)
      quote = 0;
    commands.back() += c;
  }
  if (quote != 0) return std::nullopt;
  std::erase_if(commands, [](const std::string& command) { return trim(command).empty(); });
  return commands;
}

// Before the server starts: nothing that could write a configuration.
bool changes_no_file(const std::string& command) {
  constexpr std::array<std::string_view, 16> kHarmless{
      "chown", "chmod", "chgrp", "mkdir", "echo",   "printf", "set",  "sleep",
      "ls",    "cat",   "test",  "[",     "sysctl", "umask",  "true", "export"};
  const std::string_view text = trim(command);
  const std::string_view program = text.substr(0, text.find_first_of(" \t"));
  return text.find_first_of(">|`") == std::string_view::npos &&
         text.find("$(") == std::string_view::npos &&
         std::ranges::find(kHarmless, program) != kHarmless.end();
}

// The words of one command, with variables and without anything else that a
// shell would do.
class PlainCommand {
 public:
  PlainCommand(std::string_view text, const ShellVariables& variables)
      : text_(trim(text)), variables_(variables) {}

  std::optional<std::vector<std::string>> words() {
    for (at_ = 0; at_ < text_.size(); ++at_)
      if (!take(text_[at_])) return std::nullopt;
    end_word();
    return std::move(words_);
  }

 private:
  void end_word() {
    if (open_) words_.push_back(std::move(word_));
    word_.clear();
    open_ = false;
  }

  bool take(char c) {
    if (c == '\'' && quote_ != '"') return quote(c);
    if (c == '"' && quote_ != '\'') return quote(c);
    if (quote_ == '\'') return add(c);
    if (c == '$') return variable();
    if (c == '`') return false;
    if (c == '\\' && at_ + 1 < text_.size()) return escaped();
    if (quote_ == '"') return add(c);
    if (c == ' ' || c == '\t') return end_word(), true;
    if (std::string_view{"|&<>(){}*?[]~#"}.contains(c)) return false;
    return add(c);
  }

  bool add(char c) {
    word_ += c;
    return open_ = true;
  }

  bool quote(char c) {
    quote_ = quote_ == c ? '\0' : c;
    return open_ = true;
  }

  bool escaped() {
    const char next = text_[at_ + 1];
    const bool special = quote_ == 0 || std::string_view{"$`\"\\"}.contains(next);
    if (!special) return add('\\');
    ++at_;
    return add(next);
  }

  bool variable() {
    const bool braced = text_.substr(at_ + 1).starts_with('{');
    const std::size_t begin = at_ + (braced ? 2 : 1);
    std::size_t end = begin;
    while (end < text_.size() && is_name(text_[end])) ++end;
    if (end == begin || (braced && (end == text_.size() || text_[end] != '}'))) return false;
    const auto value =
        variables_ ? variables_(std::string{text_.substr(begin, end - begin)}) : std::nullopt;
    // Without quotes a shell splits it, and looks for files of its name.
    const bool is_one_word =
        value && !value->empty() && value->find_first_of(" \t\n*?[") == std::string::npos;
    if (!value || (quote_ == 0 && !is_one_word)) return false;
    put_in_ += value->size();
    if (put_in_ > kLongestCommand) return false;
    word_ += *value;
    at_ = braced ? end : end - 1;
    return open_ = true;
  }

  static bool is_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }

  std::string_view text_;
  const ShellVariables& variables_;
  std::vector<std::string> words_;
  std::string word_;
  std::size_t at_ = 0;
  std::size_t put_in_ = 0;
  char quote_ = 0;
  bool open_ = false;
};

}  // namespace

bool is_redis_server(std::string_view program) {
  const std::string_view name = program.substr(program.rfind('/') + 1);
  return name == "redis-server" || name == "valkey-server" || name == "keydb-server";
}

Result<std::vector<std::string>> split_shell_words(std::string_view text) {
  return ShellSplitter{}.run(text);
}

std::optional<std::vector<std::string>> redis_command_of_script(std::string_view script,
                                                                const ShellVariables& variables) {
  const auto commands = plain_commands(script);
  if (!commands || commands->empty()) return std::nullopt;
  for (std::size_t i = 0; i + 1 < commands->size(); ++i)
    if (!changes_no_file((*commands)[i])) return std::nullopt;
  auto words = PlainCommand{commands->back(), variables}.words();
  if (!words || words->empty()) return std::nullopt;
  if (words->front() == "exec") words->erase(words->begin());
  if (words->empty() || !is_redis_server(words->front())) return std::nullopt;
  return words;
}

}  // namespace rta
