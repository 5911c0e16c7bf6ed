#include "files/redis_conf/secret_blocks.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "files/redis_conf/secret_values.h"

namespace rta::files {
namespace {

constexpr int kFarthest = 40;           // lines of a block
constexpr std::size_t kLargest = 8192;  // bytes of a block

std::size_t indent_of(std::string_view line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

bool is_note(std::string_view line) {
  return line.starts_with('#') || line.starts_with("//") || line.starts_with(';') ||
         line.starts_with('*');
}

bool is_password_name(std::string_view name) {
  static constexpr std::array<std::string_view, 6> kNames{"password",   "passwd",     "authtoken",
                                                          "auth_token", "auth-token", "auth_pass"};
  return std::ranges::find(kNames, lower_ascii(name)) != kNames.end();
}

struct Assigned {
  std::string_view name, value;
  bool quoted = false;
};

// A value on the line of its key, or on the next one: of JSON in quotes, of
// YAML behind ">-" and its like.
SecretValue value_behind(std::string_view rest) {
  const std::size_t end = std::min(rest.find('\n'), rest.size());
  const std::string_view here = trim(rest.substr(0, end));
  const bool folded = here == ">" || here == "|" || here == ">-" || here == "|-";
  if (end == rest.size() || (!here.empty() && !folded)) return value_at(rest.substr(0, end));
  const std::string_view below = rest.substr(end + 1);
  const std::string_view next = trim(below.substr(0, below.find('\n')));
  const SecretValue value = value_at(next);
  if (folded) return {.text = next, .quoted = true};
  const std::string_view behind = next.substr(std::min(value.text.size() + 2, next.size()));
  return value.quoted && !trim(behind).starts_with(':') ? value : SecretValue{};
}

// A key at the start of `text` with its value: `a: b`, `"a": "b"`, `a = 'b'`, `'a' => "b"`.
std::optional<Assigned> assigned_at(std::string_view text) {
  std::string_view rest = text;
  const bool quoted = rest.starts_with('"') || rest.starts_with('\'');
  if (quoted) rest.remove_prefix(1);
  const std::size_t end =
      std::min(static_cast<std::size_t>(std::ranges::find_if_not(rest, is_word) - rest.begin()),
               rest.size());
  Assigned found{.name = rest.substr(0, end), .value = {}};
  rest.remove_prefix(end);
  if (quoted) {
    if (!rest.starts_with(text.front())) return std::nullopt;
    rest.remove_prefix(1);
  }
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
  if (rest.empty() || (rest.front() != ':' && rest.front() != '=')) return std::nullopt;
  rest.remove_prefix(rest.starts_with("=>") ? 2 : 1);
  if (rest.starts_with('=')) return std::nullopt;  // a comparison
  const SecretValue value = value_behind(rest);
  found.value = value.text;
  found.quoted = value.quoted;
  return found;
}

std::optional<FoundMaterial> password_at(std::string_view text) {
  const std::optional<Assigned> found = assigned_at(text);
  if (!found || !is_password_name(found->name) ||
      !is_literal(SecretValue{found->value, found->quoted}))
    return std::nullopt;
  // Without quotes, calls, members and indices are code, and a path is none.
  const bool is_code = found->value.find_first_of("([{") != std::string_view::npos ||
                       found->value.find("assword") != std::string_view::npos;
  if (!found->quoted && (is_code || found->value.front() == '/')) return std::nullopt;
  FoundMaterial password = secret(Material::redis_secret, "redis password", found->value);
  password.bare = !found->quoted;
  return password;
}

// Inside of brackets: `text` begins with the opening one.
class BracketReader {
 public:
  explicit BracketReader(std::string_view text, int depth = 0)
      : text_(text.substr(0, kLargest)), depth_(depth) {}

  std::optional<FoundMaterial> password() {
    for (; at_ < text_.size() && line_ <= kFarthest; ++at_) {
      const char c = text_[at_];
      if (c == '\n') {
        next_line();
      } else if (c == '{' || c == '(' || c == '[') {
        ++depth_;
      } else if (c == '}' || c == ')' || c == ']') {
        if (--depth_ <= 0) return std::nullopt;
      } else if (starts_key()) {
        if (auto found = password_at(text_.substr(at_))) {
          found->line = line_;
          found->column = static_cast<int>(at_ - line_start_) + 1;
          return found;
        }
        skip_quoted();
      }
    }
    return std::nullopt;
  }

 private:
  void next_line() {
    ++line_;
    line_start_ = at_ + 1;
    const std::size_t end = std::min(text_.find('\n', line_start_), text_.size());
    if (is_note(trim(text_.substr(line_start_, end - line_start_)))) at_ = end - 1;
  }
  [[nodiscard]] bool starts_key() const {
    const char c = text_[at_];
    return (is_word(c) || c == '"' || c == '\'' || c == '`') &&
           (at_ == 0 || !is_word(text_[at_ - 1]));
  }
  // Brackets in a quoted text open nothing.
  void skip_quoted() {
    const char quote = text_[at_];
    if (is_word(quote)) return;
    const std::size_t end = text_.find_first_of(quote == '"'    ? "\"\n"
                                                : quote == '\'' ? "'\n"
                                                                : "`\n",
                                                at_ + 1);
    if (end != std::string_view::npos && text_[end] == quote) at_ = end;
  }

  std::string_view text_;
  std::size_t at_ = 0, line_start_ = 0;
  int line_ = 0, depth_;
};

// Where a bracket opens right behind a name of Redis: `redis: {`, `"redis": {`,
// `new Redis({`, `&redis.Options{`, `'redis' => [`.
std::optional<std::size_t> opening_bracket(std::string_view line) {
  for (std::size_t at = line.find_first_of("{(["); at != std::string_view::npos;
       at = line.find_first_of("{([", at + 1)) {
    std::string_view before = line.substr(0, at);
    while (!before.empty() && std::string_view{" \t:=>&({\"'"}.contains(before.back()))
      before.remove_suffix(1);
    std::size_t start = before.size();
    while (start > 0 && is_word(before[start - 1])) --start;
    if (names_store(lower_ascii(before.substr(start)))) return at;
  }
  return std::nullopt;
}

std::optional<std::size_t> client_call(std::string_view line) {
  for (const std::string_view call : kClientCalls)
    if (const std::size_t at = line.find(call); at != std::string_view::npos)
      return at + call.size() - 1;
  return std::nullopt;
}

std::optional<FoundMaterial> in_brackets(std::string_view text, std::size_t start,
                                         std::string_view line, bool loads_client) {
  std::optional<std::size_t> at = opening_bracket(line);
  if (!at && loads_client) at = client_call(line);
  if (!at) return std::nullopt;
  std::optional<FoundMaterial> found = BracketReader{text.substr(start + *at)}.password();
  if (found && found->line == 0) found->column += static_cast<int>(*at);
  return found;
}

// `redis:`, also in quotes, with an anchor, with a note behind it.
bool opens_yaml(std::string_view line) {
  line = trim(line.substr(0, line.find(" #")));
  if (const std::size_t anchor = line.find(": &"); anchor != std::string_view::npos)
    line = line.substr(0, line.find(' ', anchor + 2) < line.size() ? 0 : anchor + 1);
  if (!line.ends_with(':') || line.find(' ') != std::string_view::npos) return false;
  const std::string_view key = value_at(line.substr(0, line.size() - 1)).text;
  return key.starts_with("redis") || key.ends_with("redis") || key.starts_with("valkey") ||
         key.ends_with("valkey");
}

// `- name: redis`
bool opens_item(std::string_view line) {
  if (!line.starts_with("- name: ")) return false;
  const SecretValue name = value_at(line.substr(8));
  return names_store(lower_ascii(name.text)) &&
         trim(line.substr(8)).find(' ') == std::string_view::npos;
}

// "BACKEND": "django_redis.cache.RedisCache", adapter: redis: what stands beside it is Redis's.
bool names_backend(std::string_view line) {
  static constexpr std::array<std::string_view, 4> kKeys{"backend", "engine", "driver", "adapter"};
  const std::optional<Assigned> found = assigned_at(line);
  return found && std::ranges::find(kKeys, lower_ascii(found->name)) != kKeys.end() &&
         names_store(lower_ascii(found->value));
}

bool opens_section(std::string_view line) {
  return line.starts_with('[') && line.ends_with(']') && line.find('"') == std::string_view::npos &&
         names_store(lower_ascii(line));
}

// In one line: the key itself, or inside the flow form of its parent.
std::optional<FoundMaterial> password_in_line(std::string_view line, std::string_view text) {
  if (auto found = password_at(text)) {
    found->bare = false;  // as block YAML has it
    found->column = 1;
    return found;
  }
  const std::size_t brace = line.find('{');
  if (brace == std::string_view::npos) return std::nullopt;
  std::optional<FoundMaterial> found = BracketReader{line.substr(brace)}.password();
  if (found) found->column += static_cast<int>(brace);
  return found;
}

// Lines behind the one that opens the block, until one does not belong to it.
template <class Belongs>
std::optional<FoundMaterial> below(std::string_view text, std::size_t at, Belongs belongs) {
  for (int lines = 1; lines <= kFarthest && at < text.size(); ++lines) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view whole = text.substr(at, end - at).substr(0, kLongestLine);
    const std::size_t start = at;
    at = end + 1;
    const std::string_view line = trim(whole);
    if (line.empty() || is_note(line)) continue;
    if (!belongs(whole)) return std::nullopt;
    std::optional<FoundMaterial> found = password_in_line(
        line, text.substr(start + static_cast<std::size_t>(line.data() - whole.data())));
    if (!found) continue;
    found->line = lines;
    found->column += static_cast<int>(line.data() - whole.data());
    return found;
  }
  return std::nullopt;
}

}  // namespace

std::optional<FoundMaterial> password_of_block(std::string_view text, std::size_t start,
                                               std::string_view whole, bool loads_client) {
  const std::string_view line = trim(whole);
  const std::size_t next = std::min(start + whole.size() + 1, text.size());
  const std::size_t indent = indent_of(whole);
  if (opens_yaml(line) || opens_item(line))
    return below(text, next, [&](std::string_view at) { return indent_of(at) > indent; });
  if (opens_section(line))
    return below(text, next, [](std::string_view at) { return !trim(at).starts_with('['); });
  if (names_backend(line) && line.ends_with(','))
    return BracketReader{text.substr(start), 1}.password();
  if (names_backend(line))
    return below(text, next, [&](std::string_view at) {
      return indent_of(at) >= indent && !std::string_view{"[-"}.contains(trim(at).front());
    });
  return in_brackets(text, start, whole, loads_client);
}

// `"name": "REDIS_PASSWORD", "value": "x"`, from behind `name` on.
static std::optional<FoundMaterial> value_behind_name(std::string_view rest,
                                                      std::string_view next_line) {
  const auto past_colon = [](std::string_view text) -> std::optional<std::string_view> {
    if (text.starts_with('"')) text.remove_prefix(1);
    text = trim(text);
    if (!text.starts_with(':')) return std::nullopt;
    return text.substr(1);
  };
  const auto behind_name = past_colon(rest);
  if (!behind_name) return std::nullopt;
  const SecretValue name = value_at(*behind_name);
  const std::string lower = lower_ascii(name.text);
  if (!names_store(lower) || !names_secret(lower)) return std::nullopt;
  // Its value stands in the same item, or on the next line.
  const std::string_view item = behind_name->substr(0, behind_name->find('}'));
  const std::size_t here = item.find("value");
  std::string_view value_line =
      here == std::string_view::npos ? trim(next_line) : item.substr(here);
  if (value_line.starts_with('"')) value_line.remove_prefix(1);
  if (!value_line.starts_with("value")) return std::nullopt;
  const auto behind_value = past_colon(value_line.substr(5));
  if (!behind_value) return std::nullopt;
  const SecretValue value = value_at(*behind_value);
  if (!is_literal(value)) return std::nullopt;
  return secret(Material::redis_secret, name.text, value.text);
}

// `- value: x` in front of `name: REDIS_PASSWORD`.
static std::optional<FoundMaterial> value_before_name(std::string_view line,
                                                      std::string_view previous_line) {
  const std::string_view previous = trim(previous_line);
  if (!line.starts_with("name: ") || !previous.starts_with("- value: ")) return std::nullopt;
  const SecretValue name = value_at(line.substr(6));
  const SecretValue value = value_at(previous.substr(9));
  const std::string lower = lower_ascii(name.text);
  if (!names_store(lower) || !names_secret(lower) || !is_literal(value)) return std::nullopt;
  FoundMaterial found = secret(Material::redis_secret, name.text, value.text);
  found.line = -1;
  found.column = static_cast<int>(previous.data() - previous_line.data()) + 3;
  return found;
}

bool loads_redis_client(std::string_view text) {
  static constexpr std::array<std::string_view, 6> kLoads{"require('redis')", "require(\"redis\")",
                                                          "from 'redis'",     "from \"redis\"",
                                                          "'@redis/client'",  "\"@redis/client\""};
  return contains_any(text, kLoads);
}

std::optional<FoundMaterial> named_value(std::string_view line, std::string_view next_line,
                                         std::string_view previous_line) {
  if (auto found = value_before_name(line, previous_line)) return found;
  for (std::size_t at = line.find("name"); at != std::string_view::npos;
       at = line.find("name", at + 4)) {
    // A key of its own: behind "- ", "{", "," or a quote.
    const std::string_view before = line.substr(0, at);
    const bool is_key = before.empty() || std::string_view{"- {,\""}.contains(before.back());
    if (!is_key) continue;
    if (auto found = value_behind_name(line.substr(at + 4), next_line)) return found;
  }
  return std::nullopt;
}

}  // namespace rta::files
