#include "files/git/git_config.h"

#include <algorithm>

#include "base/text.h"

namespace rta::files {
namespace {

constexpr std::size_t kMostEntries = 20'000;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_name(char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-'; }

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
  }

  GitConfig read() {
    while (at_ < text_.size() && config_.is_whole) {
      const char c = text_[at_];
      if (is_blank(c) || c == '\n')
        ++at_;
      else if (c == '#' || c == ';')
        skip_line();
      else
        config_.is_whole =
            (c == '[' ? read_section() : read_entry()) && config_.entries.size() < kMostEntries;
    }
    return std::move(config_);
  }

 private:
  void skip_line() { at_ = std::min(text_.find('\n', at_), text_.size()); }
  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\n'; }

  // [section], [section "sub"] or, from old times, [section.sub].
  bool read_section() {
    const std::size_t start = ++at_;
    while (is_name(peek()) || peek() == '.') ++at_;
    section_ = lower_ascii(text_.substr(start, at_ - start));
    subsection_.clear();
    if (const std::size_t dot = section_.find('.'); dot != std::string::npos) {
      subsection_ = section_.substr(dot + 1);
      section_.resize(dot);
    }
    skip_blanks();
    if (peek() == '"' && !read_subsection()) return false;
    if (peek() != ']') return false;
    ++at_;
    return !section_.empty();
  }

  bool read_subsection() {
    for (++at_; peek() != '"'; ++at_) {
      if (peek() == '\n') return false;
      if (peek() == '\\') ++at_;
      if (peek() == '\n') return false;
      subsection_ += text_[at_];
    }
    ++at_;
    return true;
  }

  bool read_entry() {
    const std::size_t start = at_;
    if (!is_letter(peek()) || section_.empty()) return false;
    while (is_name(peek())) ++at_;
    GitConfigEntry entry{section_, subsection_, lower_ascii(text_.substr(start, at_ - start)),
                         "true"};
    skip_blanks();
    if (peek() == '=') {
      ++at_;
      if (!read_value(entry.value)) return false;
    } else if (peek() == '#' || peek() == ';') {
      skip_line();
    } else if (peek() != '\n') {
      return false;
    }
    config_.entries.push_back(std::move(entry));
    return true;
  }

  // Blanks at both ends go, quotes go, a comment ends it, a backslash joins lines.
  bool read_value(std::string& value) {
    value.clear();
    skip_blanks();
    bool quoted = false;
    std::size_t keep = 0;  // what blanks at the end may not take
    for (; peek() != '\n'; ++at_) {
      const char c = text_[at_];
      if (!quoted && (c == '#' || c == ';')) {
        skip_line();
        break;
      }
      if (c == '"') {
        quoted = !quoted;
      } else if (c == '\\') {
        ++at_;
        if (peek() == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') ++at_;
        if (at_ >= text_.size()) return false;
        if (text_[at_] == '\n') continue;
        if (!add_escape(value)) return false;
      } else {
        value += c;
      }
      if (!is_blank(c) || quoted) keep = value.size();
    }
    value.resize(keep);
    return !quoted;
  }

  bool add_escape(std::string& value) {
    static constexpr std::string_view kWritten = "ntb\\\"", kMeant = "\n\t\b\\\"";
    const std::size_t which = kWritten.find(text_[at_]);
    if (which == std::string_view::npos) return false;
    value += kMeant[which];
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string section_, subsection_;
  GitConfig config_;
};

}  // namespace

std::optional<std::string> GitConfig::last(std::string_view section, std::string_view key) const {
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry)
    if (entry->section == section && entry->subsection.empty() && entry->key == key)
      return entry->value;
  return std::nullopt;
}

bool GitConfig::is_true(std::string_view section, std::string_view key) const {
  const std::string value = lower_ascii(last(section, key).value_or(""));
  return value == "true" || value == "yes" || value == "on" ||
         (!value.empty() && value.find_first_not_of("0123456789") == std::string::npos &&
          value.find_first_not_of('0') != std::string::npos);
}

GitConfig parse_git_config(std::string_view bytes) { return Reader{bytes}.read(); }

}  // namespace rta::files
