#include "files/clients/option_value.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace rta::files {
namespace {

using Kind = OptionValue::Kind;

constexpr int kDeepest = 24;
constexpr std::size_t kMostMembers = 256;
constexpr std::size_t kNone = std::string_view::npos;

bool is_quote(char c) { return c == '"' || c == '\'' || c == '`'; }

bool is_word(char c) {
  return c == '_' || c == '$' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9');
}

// Behind the closing quote of the literal that starts at 0.
std::size_t quoted_length(std::string_view text) {
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] == '\\')
      ++at;
    else if (text[at] == text[0])
      return at + 1;
  }
  return text.size();
}

std::string unescaped(std::string_view inside) {
  std::string out;
  for (std::size_t at = 0; at < inside.size(); ++at) {
    if (inside[at] == '\\' && at + 1 < inside.size()) ++at;
    out.push_back(inside[at]);
  }
  return out;
}

// "ca", "'ca'", "[key]" in front of ':' or '='; what follows is the value.
struct Member {
  std::string name;
  std::string_view value;
  bool has_value = false;
};

std::size_t sign_of_member(std::string_view text) {
  std::size_t at = 0;
  if (!text.empty() && is_quote(text[0])) at = quoted_length(text);
  for (; at < text.size(); ++at) {
    if (text[at] == ':') return at;
    if (text[at] == '=')
      return at + 1 < text.size() && (text[at + 1] == '=' || text[at + 1] == '>') ? kNone : at;
    if (!is_word(text[at]) && text[at] != '.' && text[at] != ' ' && text[at] != '-' &&
        text[at] != '\t')
      return kNone;
  }
  return kNone;
}

Member member_of(std::string_view text) {
  text = trim(text);
  const std::size_t sign = sign_of_member(text);
  if (sign == kNone) return {std::string{text}, {}, false};
  std::string_view name = trim(text.substr(0, sign));
  if (!name.empty() && is_quote(name[0]) && name.size() >= 2)
    name = name.substr(1, name.size() - 2);
  return {std::string{name}, trim(text.substr(sign + 1)), true};
}

// "checkServerIdentity() { return undefined }"
bool is_method(std::string_view text) {
  const std::size_t open = text.find('(');
  return open != kNone && open > 0 && text.find('{', open) != kNone &&
         std::ranges::all_of(text.substr(0, open), is_word);
}

OptionValue parse_object(std::string_view inside, int depth) {
  OptionValue object;
  object.kind = Kind::object;
  for (std::string_view part : split_balanced(inside, ",")) {
    part = trim(part);
    if (part.empty() || object.members.size() >= kMostMembers) continue;
    Member member = member_of(part);
    if (member.has_value) {
      object.members.emplace_back(std::move(member.name),
                                  parse_option_value(member.value, depth + 1));
      continue;
    }
    OptionValue value;
    value.text = std::string{part};
    value.kind = is_method(part) ? Kind::function : Kind::code;
    std::string name = value.kind == Kind::function ? std::string{part.substr(0, part.find('('))}
                                                    : std::string{part};
    object.members.emplace_back(std::move(name), std::move(value));
  }
  return object;
}

OptionValue parse_list(std::string_view inside, int depth) {
  OptionValue list;
  list.kind = Kind::list;
  for (const std::string_view part : split_balanced(inside, ",")) {
    if (trim(part).empty() || list.members.size() >= kMostMembers) continue;
    list.members.emplace_back("", parse_option_value(part, depth + 1));
  }
  return list;
}

std::optional<OptionValue> parse_word(std::string_view text) {
  OptionValue value;
  value.text = std::string{text};
  if (text == "true" || text == "True" || text == "!0" || text == "false" || text == "False" ||
      text == "!1") {
    value.kind = Kind::boolean;
    value.truth = text == "true" || text == "True" || text == "!0";
  } else if (text == "null" || text == "None" || text == "nil") {
    value.kind = Kind::null;
  } else if (text == "undefined" || text == "void 0") {
    value.kind = Kind::undefined;
  } else if (text == "NaN" || text.find_first_not_of("0123456789.+-eExX_abcdefABCDEF") == kNone) {
    if (text != "NaN" && text.find_first_of("0123456789") == kNone) return std::nullopt;
    if (text != "NaN" && is_word(text[0]) && !(text[0] >= '0' && text[0] <= '9'))
      return std::nullopt;
    value.kind = Kind::number;
  } else {
    return std::nullopt;
  }
  return value;
}

bool is_function(std::string_view text) {
  return text.starts_with("function") || text.starts_with("async ") || text.starts_with("lambda") ||
         text.starts_with("func(") || text.substr(balanced_length(text, "=")).starts_with("=>");
}

// The bracket at the start closes at the very end.
bool encloses(std::string_view text) {
  return text.size() >= 2 && 1 + balanced_length(text.substr(1), "") == text.size() - 1;
}

// "dict(a=1)", "tls.Config{A: true}", "&tls.Config{...}": named objects.
std::optional<OptionValue> parse_named_object(std::string_view text, int depth) {
  const std::size_t open = text.find_first_of("({[\"'`=+-<>?:|");
  if (open == kNone || open == 0) return std::nullopt;
  const std::string_view name = trim(text.substr(0, open));
  const bool is_struct = text[open] == '{' && std::ranges::all_of(name, [](char c) {
                           return is_word(c) || c == '.' || c == '&';
                         });
  const bool is_dict = text[open] == '(' && name == "dict";
  if ((!is_struct && !is_dict) || !encloses(text.substr(open))) return std::nullopt;
  return parse_object(text.substr(open + 1, text.size() - open - 2), depth);
}

bool is_zero(std::string_view number) {
  return number.find_first_not_of("0.+-xX_") == kNone || number == "0e0";
}

}  // namespace

const OptionValue* OptionValue::member(std::string_view name) const {
  const OptionValue* found = nullptr;
  for (const auto& [key, value] : members)
    if (key == name) found = &value;
  return found;
}

std::optional<bool> javascript_truth(const OptionValue& value) {
  switch (value.kind) {
    case Kind::undefined:
    case Kind::null:
      return false;
    case Kind::boolean:
      return value.truth;
    case Kind::number:
      return value.text != "NaN" && !is_zero(value.text);
    case Kind::text:
      return !value.text.empty();
    case Kind::object:
    case Kind::list:
    case Kind::function:
      return true;
    case Kind::code:
      break;
  }
  return std::nullopt;
}

std::optional<bool> python_truth(const OptionValue& value) {
  if (value.kind == Kind::object || value.kind == Kind::list) return !value.members.empty();
  return javascript_truth(value);
}

std::size_t balanced_length(std::string_view text, std::string_view ends) {
  int depth = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (is_quote(c)) {
      at += quoted_length(text.substr(at)) - 1;
    } else if (c == '(' || c == '[' || c == '{') {
      ++depth;
    } else if (c == ')' || c == ']' || c == '}') {
      if (depth-- == 0) return at;
    } else if (depth == 0 && ends.find(c) != kNone) {
      return at;
    }
  }
  return text.size();
}

std::vector<std::string_view> split_balanced(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t length = balanced_length(text, separators);
    parts.push_back(text.substr(0, length));
    text.remove_prefix(std::min(length + 1, text.size()));
  }
  return parts;
}

OptionValue parse_option_value(std::string_view text, int depth) {
  text = trim(text);
  OptionValue value;
  value.text = std::string{text};
  value.kind = Kind::code;
  if (text.empty()) {
    value.kind = Kind::undefined;
    return value;
  }
  if (depth > kDeepest) return value;
  const std::size_t prefix =  // Python's b'', r'', f'', u''
      text.size() > 1 && std::string_view{"brfuBRFU"}.find(text[0]) != kNone && is_quote(text[1])
          ? 1
          : 0;
  if (is_quote(text[prefix]) && prefix + quoted_length(text.substr(prefix)) == text.size()) {
    const bool is_template = text[prefix] == '`' && text.find("${") != kNone;
    if (is_template || text.size() < prefix + 2) return value;
    value.kind = Kind::text;
    value.text = unescaped(text.substr(prefix + 1, text.size() - prefix - 2));
    return value;
  }
  if (text[0] == '{' && encloses(text)) return parse_object(text.substr(1, text.size() - 2), depth);
  if (text[0] == '[' && encloses(text)) return parse_list(text.substr(1, text.size() - 2), depth);
  if (text[0] == '(' && encloses(text))
    return parse_option_value(text.substr(1, text.size() - 2), depth + 1);
  if (auto word = parse_word(text)) return std::move(*word);
  if (is_function(text)) {
    value.kind = Kind::function;
    return value;
  }
  if (auto object = parse_named_object(text, depth)) return std::move(*object);
  return value;
}

}  // namespace rta::files
