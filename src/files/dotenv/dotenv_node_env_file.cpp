// node --env-file and util.parseEnv() as of Node 20.20 (node_dotenv.cc). It
// looks for the next '=' and not for the next line, so that a line without
// one becomes part of the following key.
#include "files/dotenv/dotenv_reader.h"
#include "files/dotenv/unicode.h"

namespace rta::files {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

std::string_view trim_spaces(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

class EnvFileReader {
 public:
  EnvFileReader(std::string_view text, DotenvBuilder& out)
      : all_(text), rest_(trim_spaces(text)), lines_(text), out_(out) {}

  void read() {
    while (!rest_.empty() && step()) {
    }
  }

 private:
  void skip_line(std::size_t from = 0) {
    const std::size_t newline = rest_.find('\n', from);
    rest_ = newline == kNone ? std::string_view{} : rest_.substr(newline + 1);
  }

  void add(std::string_view key, std::string_view value) {
    const auto offset = static_cast<std::size_t>(key.data() - all_.data());
    out_.add(replace_bad_utf8(key), replace_bad_utf8(value), lines_.at(out_.path(), offset));
  }

  // Blanks alone do not trim to nothing there: its view steps back by one and
  // ends up on the character before them, the line end.
  [[nodiscard]] std::string_view key_before(std::size_t equal) const {
    const std::string_view key = trim_spaces(rest_.substr(0, equal));
    if (!key.empty() || equal == 0 || rest_.data() == all_.data()) return key;
    return all_.substr(static_cast<std::size_t>(rest_.data() - all_.data()) - 1, 1);
  }

  // One assignment or skipped line; false when reading ends.
  bool step() {
    if ((rest_.front() == '\n' || rest_.front() == '#') && rest_.find('\n') != kNone) {
      skip_line();
      return true;
    }
    const std::size_t equal = rest_.find('=');
    if (equal == kNone) return false;  // no later line has one either
    std::string_view key = key_before(equal);
    rest_ = trim_spaces(rest_.substr(equal + 1));
    if (key.empty()) return false;
    if (key.starts_with("export ")) key.remove_prefix(7);
    if (rest_.empty()) {
      add(key, "");
      return false;
    }
    const char quote = rest_.front();
    if (quote == '"' || quote == '\'' || quote == '`')
      quoted(key, quote);
    else
      plain(key);
    return true;
  }

  void quoted(std::string_view key, char quote) {
    const std::size_t close = rest_.find(quote, 1);
    if (close == kNone) {
      const std::size_t newline = rest_.find('\n');
      if (newline == kNone) return;  // the quote starts the next "key"
      add(key, rest_.substr(0, newline));
      skip_line();
      return;
    }
    std::string value{rest_.substr(1, close - 1)};
    if (quote == '"')
      for (std::size_t at = value.find("\\n"); at != kNone; at = value.find("\\n", at + 1))
        value.replace(at, 2, "\n");
    add(key, value);
    skip_line(close + 1);
  }

  void plain(std::string_view key) {
    std::string_view value = rest_.substr(0, rest_.find('\n'));
    value = value.substr(0, value.find('#'));
    add(key, trim_spaces(value));
    skip_line();
  }

  std::string_view all_;
  std::string_view rest_;
  Lines<char> lines_;
  DotenvBuilder& out_;
};

}  // namespace

void read_node_env_file(std::string_view bytes, DotenvBuilder& out) {
  std::string text{bytes};
  std::erase(text, '\r');
  EnvFileReader{text, out}.read();
}

}  // namespace rta::files
