#include "files/docker/docker_ignore.h"

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace rta::files {
namespace {

constexpr std::size_t kMostPatterns = 5'000;
constexpr std::size_t kLongestPattern = 4'096;

// Go's filepath.Clean, without a slash in front.
std::string clean(std::string_view path) {
  std::vector<std::string_view> kept;
  for (const std::string_view part : split(path, '/')) {
    if (part.empty() || part == ".") continue;
    if (part == ".." && !kept.empty() && kept.back() != "..")
      kept.pop_back();
    else if (part != ".." || !path.starts_with('/'))
      kept.push_back(part);
  }
  std::string text;
  for (const std::string_view part : kept) {
    if (!text.empty()) text += '/';
    text += part;
  }
  return text.empty() ? "." : text;
}

// A bracket expression as a regular expression's: `^` negates, `!` does not.
// Gives the index behind it, 0 where Go's filepath.Match calls it malformed: not
// closed, or a `-` or `]` where a character should stand.
std::size_t read_set(std::string_view text, std::size_t at, std::bitset<256>& set) {
  const bool negated = at + 1 < text.size() && text[at + 1] == '^';
  std::size_t i = at + (negated ? 2 : 1);
  const auto character = [&]() -> std::optional<unsigned char> {
    if (i >= text.size() || text[i] == '-' || text[i] == ']') return std::nullopt;
    if (text[i] == '\\' && ++i >= text.size()) return std::nullopt;
    return static_cast<unsigned char>(text[i++]);
  };
  for (bool first = true; i < text.size(); first = false) {
    if (text[i] == ']' && !first) {
      if (negated) set.flip();
      return i + 1;
    }
    const auto from = character();
    auto to = from;
    if (from && i < text.size() && text[i] == '-') {
      ++i;
      to = character();
    }
    if (!from || !to || *to < *from) return 0;
    for (unsigned byte = *from; byte <= *to; ++byte) set.set(byte);
  }
  return 0;
}

}  // namespace

bool DockerIgnore::compile(std::string_view text, Pattern& pattern) const {
  // "**.pem" with nothing else to interpret is an ending of the whole path.
  if (text.starts_with("**") && text.size() > 2 && text[2] != '/' &&
      text.find_first_of("*?[]\\", 2) == std::string_view::npos) {
    pattern.tokens.push_back({.kind = Kind::rest});
    for (const char c : text.substr(2)) pattern.tokens.push_back({.byte = c});
    return true;
  }
  for (std::size_t i = 0; i < text.size();) {
    Token token;
    const char c = text[i++];
    if (c == '*' && i < text.size() && text[i] == '*') {
      ++i;
      if (i < text.size() && text[i] == '/') ++i;
      token.kind = i == text.size() ? Kind::rest : Kind::folders;
    } else if (c == '*') {
      token.kind = Kind::star;
    } else if (c == '?') {
      token.kind = Kind::any;
    } else if (c == '[') {
      token.kind = Kind::set;
      i = read_set(text, i - 1, token.set);
      if (i == 0) return false;
    } else {
      if (c == '\\' && i == text.size()) return false;
      token.byte = c == '\\' ? text[i++] : c;
    }
    pattern.tokens.push_back(token);
  }
  return true;
}

DockerIgnore::DockerIgnore(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  int number = 0;
  for (std::string_view line : split(bytes, '\n')) {
    ++number;
    if (line.starts_with('#') || line.size() > kLongestPattern) continue;
    line = trim(line);
    Pattern pattern;
    if (line.starts_with('!')) {
      pattern.brings_back = true;
      line = trim(line.substr(1));
    }
    // "!" and "!/" bring nothing back, and docker refuses them.
    if (pattern.brings_back && malformed_line_ == 0 &&
        (line.empty() || (line.starts_with('/') && clean(line) == ".")))
      malformed_line_ = number;
    if (line.empty() || patterns_.size() >= kMostPatterns) continue;
    std::string text{trim(clean(line))};
    // Once the slash in front is gone, docker looks for blanks and the sign again.
    if (!pattern.brings_back && line.starts_with('/') && text.starts_with('!')) {
      pattern.brings_back = true;
      text.erase(0, 1);
    }
    if (text.empty() && !pattern.brings_back) continue;
    if (text.empty() || !compile(text, pattern)) {
      if (malformed_line_ == 0) malformed_line_ = number;
      continue;
    }
    patterns_.push_back(std::move(pattern));
  }
}

// All places of the pattern that the path so far can have led to. A `folders`
// token is the optional "anything up to a slash": `inside` are those that have
// taken something and wait for that slash.
bool DockerIgnore::Pattern::matches(std::string_view path) const {
  const std::size_t size = tokens.size();
  std::vector<bool> now(size + 1, false), inside(size + 1, false);
  const auto step_over = [&](std::vector<bool>& places) {
    for (std::size_t i = 0; i < size; ++i)
      if (places[i] && (tokens[i].kind == Kind::star || tokens[i].kind == Kind::folders ||
                        tokens[i].kind == Kind::rest))
        places[i + 1] = true;
  };
  now[0] = true;
  step_over(now);
  for (const char c : path) {
    std::vector<bool> next(size + 1, false), still(size + 1, false);
    for (std::size_t i = 0; i < size; ++i) {
      const Token& token = tokens[i];
      if (token.kind == Kind::folders && (now[i] || inside[i])) {
        still[i] = true;
        if (c == '/') next[i + 1] = true;
      }
      if (!now[i]) continue;
      if (token.kind == Kind::rest || (token.kind == Kind::star && c != '/')) next[i] = true;
      const bool takes = (token.kind == Kind::literal && token.byte == c) ||
                         (token.kind == Kind::any && c != '/') ||
                         (token.kind == Kind::set && token.set[static_cast<unsigned char>(c)]);
      if (takes) next[i + 1] = true;
    }
    step_over(next);
    now.swap(next);
    inside.swap(still);
  }
  return now[size];
}

bool DockerIgnore::excludes(std::string_view path) const {
  bool excluded = false;
  for (const Pattern& pattern : patterns_) {
    if (pattern.brings_back != excluded) continue;
    bool matches = pattern.matches(path);
    for (std::size_t slash = path.find('/'); !matches && slash != std::string_view::npos;
         slash = path.find('/', slash + 1))
      matches = pattern.matches(path.substr(0, slash));
    if (matches) excluded = !pattern.brings_back;
  }
  return excluded;
}

}  // namespace rta::files
