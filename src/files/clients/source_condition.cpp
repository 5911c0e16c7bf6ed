#include "files/clients/source_condition.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"

namespace rta::files {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kFarthestBlock = 60;  // lines up, to the start of a block
constexpr int kMostContinuations = 3;       // lines that one condition is spread over
constexpr std::size_t kLongestWay = 2'000;  // characters before a place that may guard it

bool starts_with_any(std::string_view code, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return code.starts_with(word); });
}
bool holds_any(std::string_view code, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words,
                             [&](std::string_view word) { return code.find(word) != kNone; });
}

// "production", "isProd()", "IS_PROD", and not "product".
bool names_production(std::string_view code) {
  const std::string lower = lower_ascii(code);
  for (std::size_t at = lower.find("prod"); at != kNone; at = lower.find("prod", at + 1)) {
    const std::string_view rest = std::string_view{lower}.substr(at + 4);
    const char next = at + 4 < code.size() ? code[at + 4] : ' ';
    const bool capital = next >= 'A' && next <= 'Z' && code[at + 3] == 'd';
    const bool small = (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z');
    // "nonprod", "isNonProd", "pre-prod"
    const std::string_view before = std::string_view{lower}.substr(0, at);
    if (std::ranges::any_of(
            std::initializer_list<std::string_view>{"non", "pre", "non-", "pre-", "non_", "pre_"},
            [&](std::string_view word) { return before.ends_with(word); }))
      continue;
    if (rest.starts_with("uction") || capital || !small) return true;
  }
  return false;
}

// Both are reached: what holds for one does not speak for the other.
Condition both(Condition one, Condition other) { return std::max(one, other); }

Condition under(std::string_view condition) {
  return holds_in_production(condition) ? Condition::production : Condition::open;
}

// Where the end of `code` stands to what its beginning opened.
enum class Branch { first, second, left };
Branch branch_at_end(std::string_view code) {
  int depth = 0;
  Branch branch = Branch::first;
  for (const char c : code) {
    if (c == '(' || c == '[' || c == '{') ++depth;
    if ((c == ')' || c == ']' || c == '}') && depth-- == 0) return Branch::left;
    if (depth > 0) continue;
    if (c == ',' || c == ';') return Branch::left;
    if (c == ':') branch = Branch::second;
  }
  return branch;
}

Condition through_ternaries(std::string_view code) {
  Condition found = Condition::none;
  for (std::size_t at = code.find('?'); at != kNone; at = code.find('?', at + 1)) {
    const char next = at + 1 < code.size() ? code[at + 1] : ' ';
    if (next == '?') ++at;  // "a ?? b"
    if (next == '?' || next == '.' || next == ':') continue;
    const Branch branch = branch_at_end(code.substr(at + 1));
    if (branch == Branch::second) found = both(found, Condition::open);
    if (branch == Branch::first) found = both(found, under(code.substr(0, at)));
  }
  return found;
}

Condition through_guards(std::string_view code) {
  Condition found = Condition::none;
  for (std::size_t at = code.find("&&"); at != kNone; at = code.find("&&", at + 2))
    if (branch_at_end(code.substr(at + 2)) == Branch::first)
      found = both(found, under(code.substr(0, at)));
  for (std::size_t at = code.find("||"); at != kNone; at = code.find("||", at + 2))
    if (branch_at_end(code.substr(at + 2)) == Branch::first) found = Condition::open;
  return found;
}

// `code` leads up to a place, or to the bracket that holds it.
Condition on_the_way(std::string_view code) {
  if (code.size() > kLongestWay) code.remove_prefix(code.size() - kLongestWay);
  Condition found = both(through_ternaries(code), through_guards(code));
  if (starts_with_any(code, {"if(", "if ", "elif", "elsif ", "elseif(", "}elseif(", "}else if(",
                             "else if", "case ", "case'", "switch(", "when(", "when "}))
    return both(found, under(code));
  if (starts_with_any(code, {"else", "}else", "unless"})) return Condition::open;
  return found;
}

// A line that goes on with what the one before began.
std::string with_beginning(const std::vector<SourceLine>& lines, std::size_t at,
                           std::string_view code) {
  std::string whole{code};
  for (int more = 0; more < kMostContinuations && at > 0; ++more) {
    if (!starts_with_any(whole, {"?", "&&", ":", "||"})) break;
    --at;
    whole.insert(0, lines[at].code);
  }
  return whole;
}

// "if x do", "unless x", "else": blocks that neither brace nor colon opens.
bool opens_conditional_block(std::string_view code) {
  return code == "else" || starts_with_any(code, {"if ", "unless ", "elsif ", "when ", "case "});
}

// The sections of a configuration that are not for production.
bool names_other_environment(std::string_view code) {
  for (const std::string_view name : {"development:", "test:", "dev:", "local:"})
    if (code == name || (code.starts_with(name) && code.substr(name.size()).starts_with('&')))
      return true;
  return false;
}

Condition by_indent(const std::vector<SourceLine>& lines, std::size_t at) {
  Condition found = Condition::none;
  std::size_t indent = lines[at].indent;
  for (std::size_t back = 1; back <= kFarthestBlock && back <= at && indent > 0; ++back) {
    const SourceLine& line = lines[at - back];
    if (line.code.empty() || line.indent >= indent) continue;
    indent = line.indent;
    if (names_other_environment(line.code)) return Condition::open;
    if (line.code.ends_with(':') || opens_conditional_block(line.code))
      found = both(found, on_the_way(line.code));
  }
  return found;
}

// The brackets that are open at the end of a line, and hold what follows.
bool encloses(std::string_view code, int& closed) {
  bool holds = false;
  for (std::size_t i = code.size(); i-- > 0;) {
    if (code[i] == '}' || code[i] == ')') ++closed;
    if ((code[i] == '{' || code[i] == '(') && closed-- == 0) {
      closed = 0;
      holds = true;
    }
  }
  return holds;
}

Condition by_brackets(const std::vector<SourceLine>& lines, std::size_t at) {
  Condition found = Condition::none;
  int closed = 0;
  for (std::size_t back = 1; back <= kFarthestBlock && back <= at; ++back) {
    const std::string& code = lines[at - back].code;
    if (encloses(code, closed))
      found = both(found, on_the_way(with_beginning(lines, at - back, code)));
    // "if (development)" and its one statement on the next line.
    if (back == 1 && code.ends_with(')') && starts_with_any(code, {"if(", "elseif("}))
      found = both(found, under(code));
  }
  return found;
}

// "f() if x else g()", "f() if x".
Condition behind(std::string_view code) {
  for (const std::string_view word : {")if ", "}if ", "]if "})
    if (const std::size_t at = code.find(word); at != kNone) {
      const std::string_view condition = code.substr(at + word.size());
      return under(condition.substr(0, condition.find(" else")));
    }
  return Condition::none;
}

}  // namespace

bool holds_in_production(std::string_view condition) {
  return names_production(condition) &&
         !holds_any(condition, {"!", "&&", "not ", "unless", "else"});
}

bool fails_in_production(std::string_view condition) {
  return names_production(condition) && !holds_any(condition, {"&&", "||", "?"}) &&
         (condition.starts_with('!') || holds_any(condition, {"!=", "not "}));
}

Condition condition_of_block(const std::vector<SourceLine>& lines, std::size_t at) {
  return both(by_indent(lines, at), by_brackets(lines, at));
}

Condition condition_of(const std::vector<SourceLine>& lines, std::size_t at, std::size_t offset) {
  const std::string_view code = lines[at].code;
  offset = std::min(offset, code.size());
  const Condition own = both(on_the_way(with_beginning(lines, at, code.substr(0, offset))),
                             behind(code.substr(offset)));
  return both(own, condition_of_block(lines, at));
}

}  // namespace rta::files
