#include "files/clients/client_form.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "files/clients/redis_url.h"

namespace rta::files {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kLongestForm = 64 * 1024;
constexpr int kDeepestCall = 8;

bool is_scheme_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
         c == '-' || c == '.';
}
bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$' || c == '.' || c == '&' || c == '-' || c == '*';
}
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// "redis://h:1/0?a=b" at the start; ends at a blank, a quote, or a separator
// that a URL of ours does not hold (",{" and ", ").
std::size_t url_length(std::string_view text) {
  std::size_t scheme = 0;
  while (scheme < text.size() && is_scheme_character(text[scheme])) ++scheme;
  const bool has_scheme = scheme > 0 && text.substr(scheme).starts_with("://");
  if (!has_scheme && !text.starts_with("//")) return 0;
  std::size_t end = has_scheme ? scheme + 3 : 2;
  for (; end < text.size(); ++end) {
    const char c = text[end];
    if (is_blank(c) || c == '"' || c == '\'' || c == '`' || c == ')' || c == ';') break;
    if (c == ',' && (end + 1 == text.size() || is_blank(text[end + 1]) || text[end + 1] == '{'))
      break;
  }
  return end;
}

// "localhost:6379", "10.0.0.1:6379/0?tls=true": what ioredis takes as a host.
std::size_t host_and_port_length(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && is_scheme_character(text[at])) ++at;
  if (at == 0 || at >= text.size() || text[at] != ':') return 0;
  std::size_t digits = at + 1;
  while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') ++digits;
  if (digits == at + 1) return 0;
  std::size_t end = digits;
  if (end < text.size() && (text[end] == '/' || text[end] == '?'))
    while (end < text.size() && !is_blank(text[end]) && text[end] != ',' && text[end] != '\'' &&
           text[end] != '"')
      ++end;
  const bool ends = end == text.size() || is_blank(text[end]) || text[end] == ',';
  const bool is_option = text.substr(0, at) == "port" || text.substr(0, at) == "db";
  return ends && !is_option ? end : 0;
}

// "localhost:6379", and "user:password@host?tls=true".
bool looks_like_url(std::string_view text) {
  if (text.empty()) return false;
  if (url_length(text) == text.size() || host_and_port_length(text) == text.size()) return true;
  const std::size_t at = text.rfind('@');
  if (at == kNone || text.find_first_of(" \t\n{}()") != kNone) return false;
  return host_and_port_length(text.substr(at + 1)) == text.size() - at - 1;
}

// Names under which programs hand over a URL.
bool names_url(std::string_view name) {
  const std::string lower = lower_ascii(name.substr(name.rfind('.') + 1));
  return lower.ends_with("url") || lower.ends_with("uri") || lower.ends_with("dsn") ||
         lower == "broker" || lower == "backend" || lower == "result_backend" ||
         lower == "connectionstring" || lower == "celery_result_backend";
}

class FormReader {
 public:
  explicit FormReader(ClientForm& form) : form_(form) {}

  void read(std::string_view text, int depth) {
    while (!(text = skip_separators(text)).empty()) {
      const std::size_t used = item(text, depth);
      text.remove_prefix(std::clamp<std::size_t>(used, 1, text.size()));
    }
  }

 private:
  static std::string_view skip_separators(std::string_view text) {
    while (!text.empty() && (is_blank(text[0]) || text[0] == ',' || text[0] == ';' ||
                             text[0] == '+' || text[0] == ')' || text[0] == '='))
      text.remove_prefix(1);
    return text;
  }

  // Reads one item at the start and returns its length.
  std::size_t item(std::string_view text, int depth) {
    if (const std::size_t length = url_length(text)) return take_url(text.substr(0, length));
    if (const std::size_t length = host_and_port_length(text))
      return take_url(text.substr(0, length));
    if (text[0] == '{') return object(text);
    if (text[0] == '"' || text[0] == '\'' || text[0] == '`') return quoted(text);
    if (text[0] == '[') return list(text, depth);
    std::size_t end = 0;
    while (end < text.size() && is_name_character(text[end])) ++end;
    if (end == 0) return 1;
    const std::string_view name = text.substr(0, end);
    if (name.starts_with("**") || name.starts_with("...")) form_.is_open = true;
    std::size_t sign = end;
    while (sign < text.size() && (text[sign] == ' ' || text[sign] == '\t')) ++sign;
    const std::string_view after = text.substr(sign);
    if (after.starts_with('(')) return sign + call(name, after, depth);
    if (after.starts_with('{') && name != "with" && name != "and")
      return sign + 1 + members(after.substr(1), depth, name);
    const bool assigns = (after.starts_with('=') && !after.starts_with("==")) ||
                         (after.starts_with(':') && !after.starts_with("::"));
    if (assigns) return sign + 1 + assignment(name, after.substr(1), depth);
    return end;
  }

  std::size_t take_url(std::string_view url) {
    if (!form_.url) form_.url = std::string{url};
    return url.size();
  }

  std::size_t object(std::string_view text) {
    const std::size_t length = 1 + balanced_length(text.substr(1), "") + 1;
    merge(parse_option_value(text.substr(0, std::min(length, text.size()))));
    return length;
  }

  // Options that other tools wrap: {"url": ..., "options": {...}}.
  void merge(const OptionValue& value) {
    if (!value.is(OptionValue::Kind::object)) return;
    for (const auto& [name, member] : value.members) {
      if (name.starts_with("**") || name.starts_with("...")) form_.is_open = true;
      set(name, member);
    }
  }

  void set(std::string_view name, const OptionValue& value) {
    using Kind = OptionValue::Kind;
    if (value.is(Kind::text) && names_url(name) && !form_.url && looks_like_url(value.text))
      form_.url = value.text;
    if (value.is(Kind::object) && (name == "options" || name == "kwargs" || name == "connection" ||
                                   name == "redisOptions" || name == "redis")) {
      merge(value);
    }
    if (value.is(Kind::list) && name == "args") {
      for (const auto& [none, argument] : value.members) {
        if (argument.is(Kind::text) && !form_.url) form_.url = argument.text;
        merge(argument);
      }
    }
    // "socket.tls=true" means { socket: { tls: true } }.
    const std::size_t dot = name.find('.');
    if (dot != kNone && (name.starts_with("socket.") || name.starts_with("tls."))) {
      OptionValue& outer = slot(std::string{name.substr(0, dot)});
      outer.kind = Kind::object;
      outer.members.emplace_back(std::string{name.substr(dot + 1)}, value);
      return;
    }
    form_.options.members.emplace_back(std::string{name.substr(name.rfind('.') + 1)}, value);
  }

  OptionValue& slot(const std::string& name) {
    for (auto& [key, value] : form_.options.members)
      if (key == name && value.is(OptionValue::Kind::object)) return value;
    return form_.options.members.emplace_back(name, OptionValue{}).value;
  }

  // A string: a URL, or the name of a member ("ssl": true).
  std::size_t quoted(std::string_view text) {
    std::size_t end = 1;
    while (end < text.size() && text[end] != text[0]) end += text[end] == '\\' ? 2U : 1U;
    if (end >= text.size()) return text.size();
    const std::string_view inside = text.substr(1, end - 1);
    std::string_view after = text.substr(end + 1);
    while (!after.empty() && is_blank(after[0])) after.remove_prefix(1);
    const std::size_t used = text.size() - after.size();
    if (after.starts_with(':')) return used + 1 + assignment(inside, after.substr(1), 0);
    if (looks_like_url(inside) && !form_.url) form_.url = std::string{inside};
    return end + 1;
  }

  std::size_t list(std::string_view text, int depth) {
    const std::size_t length = balanced_length(text.substr(1), "");
    if (depth < kDeepestCall) read(text.substr(1, length), depth + 1);
    return length + 2;
  }

  std::size_t call(std::string_view name, std::string_view text, int depth) {
    const std::size_t length = balanced_length(text.substr(1), "");
    const std::string_view inside = text.substr(1, std::min(length, text.size() - 1));
    form_.calls.emplace_back(name);
    const std::vector<std::string_view> arguments = split_balanced(inside, ",");
    if (arguments.size() == 1 && looks_like_url(unquoted(trim(arguments[0]))))
      form_.url_is_only_argument = true;
    if (depth < kDeepestCall) read(inside, depth + 1);
    return length + 2;
  }

  // "&redis.Options{ TLSConfig: ... }"
  std::size_t members(std::string_view text, int depth, std::string_view name) {
    const std::size_t length = balanced_length(text, "");
    form_.calls.emplace_back(name);
    if (depth < kDeepestCall) read(text.substr(0, length), depth + 1);
    return length + 1;
  }

  std::size_t assignment(std::string_view name, std::string_view text, int depth) {
    std::size_t length = value_length(text);
    std::string_view raw = trim(text.substr(0, length));
    // "client = new Redis(...)", "url = rediss://h".
    for (const std::string_view word : {"new ", "await "})
      if (raw.starts_with(word)) raw = trim(raw.substr(word.size()));
    std::size_t open = 0;
    while (open < raw.size() && is_name_character(raw[open])) ++open;
    const bool is_call = open > 0 && open < raw.size() && raw[open] == '(' &&
                         raw.substr(0, open) != "dict" && name != "checkServerIdentity";
    if (is_call && depth < kDeepestCall) {
      read(raw, depth + 1);
      return length;
    }
    if (const std::size_t url = url_length(raw); url == raw.size() && url > 0) {
      OptionValue value;
      value.kind = OptionValue::Kind::text;
      value.text = std::string{raw};
      set(name, value);
      return length;
    }
    set(name, parse_option_value(raw));
    return length;
  }

  // To the separator; a bare word or a bracket ends at the blank behind it.
  static std::size_t value_length(std::string_view text) {
    std::size_t begin = 0;
    while (begin < text.size() && is_blank(text[begin])) ++begin;
    const std::string_view value = text.substr(begin);
    if (const std::size_t url = url_length(value)) return begin + url;
    std::size_t length = balanced_length(value, ",;\n");
    const std::size_t blank = balanced_length(value, ",; \t\n");
    if (blank < length) {
      std::string_view rest = value.substr(blank);
      while (!rest.empty() && (rest[0] == ' ' || rest[0] == '\t')) rest.remove_prefix(1);
      const std::string_view word = value.substr(0, blank);
      const bool goes_on =
          rest.starts_with("=>") || word == "new" || word == "lambda" || word == "async" ||
          word == "function" || word == "await" || word == "void" ||
          (!rest.empty() && std::string_view{"=!<>?|&+*/-%:("}.find(rest[0]) != kNone &&
           !rest.starts_with("--"));
      if (!goes_on) length = blank;
    }
    return begin + length;
  }

  static std::string_view unquoted(std::string_view text) {
    const bool is_quoted = text.size() >= 2 && text.front() == text.back() &&
                           (text[0] == '"' || text[0] == '\'' || text[0] == '`');
    return is_quoted ? text.substr(1, text.size() - 2) : text;
  }

  ClientForm& form_;
};

}  // namespace

ClientForm parse_client_form(std::string_view text) {
  ClientForm form;
  form.options.kind = OptionValue::Kind::object;
  form.text = std::string{trim(text.substr(0, kLongestForm))};
  FormReader{form}.read(form.text, 0);
  if (form.text.empty()) form.url = "";
  return form;
}

std::string_view scheme_of_url(std::string_view url) {
  const std::size_t mark = url.find("://");
  return mark == kNone ? std::string_view{} : url.substr(0, mark);
}

std::string host_of_url(std::string_view url) {
  const Result<RedisUrl> parsed = parse_redis_url(url);
  return parsed && !parsed->hosts.empty() ? parsed->hosts.front().host : "";
}

std::vector<std::pair<std::string, std::string>> query_of_url(std::string_view url) {
  std::vector<std::pair<std::string, std::string>> query;
  url = url.substr(0, url.find('#'));
  const std::size_t question = url.find('?');
  if (question == kNone) return query;
  for (const std::string_view pair : split(url.substr(question + 1), '&')) {
    if (pair.empty()) continue;
    const std::size_t equal = pair.find('=');
    query.emplace_back(percent_decoded(pair.substr(0, equal)),
                       equal == kNone ? "" : percent_decoded(pair.substr(equal + 1)));
  }
  return query;
}

}  // namespace rta::files
