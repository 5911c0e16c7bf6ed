// EnvironmentFile= of systemd (env-file.c): a state machine over bytes.
// Assignments with a bad name or with control characters are ignored by it.
#include "files/dotenv/dotenv_reader.h"
#include "files/dotenv/unicode.h"

namespace rta::files {
namespace {

enum class State {
  before_key,
  key,
  before_value,
  value,
  value_escape,
  single_quoted,
  double_quoted,
  double_quoted_escape,
  comment,
  comment_escape
};

bool is_newline(char c) { return c == '\n' || c == '\r'; }
bool is_blank(char c) { return c == ' ' || c == '\t' || is_newline(c); }

bool is_valid_name(std::string_view name) {
  if (name.empty() || (name.front() >= '0' && name.front() <= '9')) return false;
  return std::ranges::all_of(name, [](char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  });
}

bool is_valid_value(std::string_view value) {
  return std::ranges::none_of(value, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n' && c != '\t' && c != '\r') || byte == 0x7F;
  });
}

class SystemdReader {
 public:
  SystemdReader(std::string_view text, DotenvBuilder& out) : text_(text), lines_(text), out_(out) {}

  void read() {
    for (at_ = 0; at_ < text_.size() && !out_.refused(); ++at_) take(text_[at_]);
    const bool in_value = state_ != State::before_key && state_ != State::key &&
                          state_ != State::comment && state_ != State::comment_escape;
    if (in_value && !out_.refused()) push();
  }

 private:
  void take(char c) {
    switch (state_) {
      case State::before_key:
        if (c == '#' || c == ';') {
          state_ = State::comment;
        } else if (!is_blank(c)) {
          state_ = State::key;
          start_ = at_;
          key_ = c;
        }
        break;
      case State::key:
        if (is_newline(c)) {
          state_ = State::before_key;
        } else if (c == '=') {
          state_ = State::before_value;
          value_.clear();
          kept_ = 0;
        } else {
          key_.push_back(c);
        }
        break;
      case State::before_value:
      case State::value:
        take_value(c);
        break;
      case State::value_escape:
        state_ = State::value;
        if (!is_newline(c)) append(c);
        break;
      case State::single_quoted:
        if (c == '\'')
          state_ = State::before_value;
        else
          append(c);
        break;
      case State::double_quoted:
        if (c == '"')
          state_ = State::before_value;
        else if (c == '\\')
          state_ = State::double_quoted_escape;
        else
          append(c);
        break;
      case State::double_quoted_escape:
        state_ = State::double_quoted;
        if (std::string_view{"\"\\`$"}.find(c) == std::string_view::npos && c != '\n') append('\\');
        if (c != '\n') append(c);
        break;
      case State::comment:
        if (c == '\\')
          state_ = State::comment_escape;
        else if (is_newline(c))
          state_ = State::before_key;
        break;
      case State::comment_escape:
        state_ = State::comment;
        break;
    }
  }

  void take_value(char c) {
    const bool first = state_ == State::before_value;
    if (is_newline(c)) {
      push();
      state_ = State::before_key;
    } else if (first && c == '\'') {
      state_ = State::single_quoted;
    } else if (first && c == '"') {
      state_ = State::double_quoted;
    } else if (c == '\\') {
      state_ = State::value_escape;
    } else if (!is_blank(c)) {
      state_ = State::value;
      append(c);
    } else if (!first) {
      value_.push_back(c);  // kept only when more follows
    }
  }

  void append(char c) {
    value_.push_back(c);
    kept_ = value_.size();
  }

  void push() {
    value_.resize(kept_);
    while (!key_.empty() && is_blank(key_.back())) key_.pop_back();
    const SourceLocation where = lines_.at(out_.path(), start_);
    if (!is_valid_utf8(key_) || !is_valid_utf8(value_)) {
      out_.refuse("invalid UTF-8", where);
      return;
    }
    if (is_valid_name(key_) && is_valid_value(value_)) out_.add(key_, value_, where);
  }

  std::string_view text_;
  Lines<char> lines_;
  DotenvBuilder& out_;
  State state_ = State::before_key;
  std::size_t at_ = 0;
  std::size_t start_ = 0;  // of the key
  std::string key_;
  std::string value_;
  std::size_t kept_ = 0;  // value_ without blanks at its end
};

}  // namespace

void read_systemd_environment(std::string_view bytes, DotenvBuilder& out) {
  SystemdReader{bytes, out}.read();
}

}  // namespace rta::files
