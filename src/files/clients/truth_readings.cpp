#include "files/clients/truth_readings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "files/clients/redis_variables.h"
#include "files/clients/source_lines.h"

namespace rta::files {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kMostReadings = 64;  // of a file
constexpr std::size_t kLongestShown = 120;

using Kind = TruthReading::Kind;

bool is_switch(VariableMeaning meaning) {
  return meaning == VariableMeaning::tls_switch || meaning == VariableMeaning::verify ||
         meaning == VariableMeaning::skip_verify;
}

bool is_name_character(char c) {
  return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// Where the expression that fetches the variable begins and ends in the line:
// "process.env.NAME", "os.getenv('NAME','x')", "os.environ['NAME']".
struct Access {
  std::size_t begin = 0;
  std::size_t end = 0;
};

std::optional<Access> access_around(std::string_view code, std::size_t at, std::size_t size) {
  constexpr std::array<std::string_view, 12> kFetches{
      "process.env.", "process.env[", "import.meta.env.", "os.getenv(",   "os.environ.get(",
      "os.environ[",  "os.Getenv(",   "getenv(",          "environ.get(", "config(",
      "env(",         "env."};
  const bool quoted = at > 0 && code[at - 1] == '\'';
  const std::size_t start = quoted ? at - 1 : at;
  for (const std::string_view fetch : kFetches) {
    if (start < fetch.size() || code.substr(start - fetch.size(), fetch.size()) != fetch) continue;
    Access access{start - fetch.size(), at + size + (quoted ? 1U : 0U)};
    const char bracket = fetch.back();
    if (bracket == '(' || bracket == '[') {
      const std::size_t close = code.find(bracket == '(' ? ')' : ']', access.end);
      if (close == kNone) return std::nullopt;
      access.end = close + 1;
    }
    return access;
  }
  return std::nullopt;
}

// The words of "'true'", "['1','true']", "('1','true','yes')", "{'1'}".
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  const bool is_list = !text.empty() && (text[0] == '[' || text[0] == '(' || text[0] == '{');
  for (std::size_t at = text.find('\''); at != kNone; at = text.find('\'', at)) {
    const std::size_t close = text.find('\'', at + 1);
    if (close == kNone) break;
    words.emplace_back(text.substr(at + 1, close - at - 1));
    at = close + 1;
    if (!is_list || at >= text.size() || text[at] != ',') break;
  }
  return words;
}

bool ends_with_any(std::string_view text, std::initializer_list<std::string_view> endings) {
  return std::ranges::any_of(endings,
                             [&](std::string_view ending) { return text.ends_with(ending); });
}

// Takes methods that change the text off the front of what follows.
bool take_lower_case(std::string_view& after) {
  bool lower = false;
  for (bool more = true; more;) {
    more = false;
    for (const std::string_view call :
         {".toLowerCase()", ".lower()", ".casefold()", ".trim()", ".strip()", "?.toLowerCase()"}) {
      if (!after.starts_with(call)) continue;
      lower = lower || call.find("ow") != kNone || call.find("fold") != kNone;
      after.remove_prefix(call.size());
      more = true;
    }
  }
  return lower;
}

bool classify(std::string_view before, std::string_view after, TruthReading& reading) {
  if (ends_with_any(before, {"strtobool(", "str2bool("})) {
    reading.kind = Kind::one_of;
    reading.ignores_case = true;
    reading.words = {"y", "yes", "t", "true", "on", "1"};
    return true;
  }
  if (before.ends_with("ParseBool(")) {
    reading.kind = Kind::parse_bool;
    return true;
  }
  if (before.ends_with("JSON.parse(")) {
    reading.kind = Kind::json;
    return true;
  }
  if (ends_with_any(before, {"!!", "Boolean(", "bool("})) {
    const bool compared = after.starts_with("==") || after.starts_with(".");
    if (!compared) {
      reading.kind = Kind::not_empty;
      return true;
    }
  }
  if (before.ends_with(".includes(")) {  // ['true','1'].includes(process.env.X)
    const std::string_view list = before.substr(0, before.size() - 10);
    const std::size_t open = list.rfind('[');
    reading.words = open == kNone ? std::vector<std::string>{} : words_of(list.substr(open));
    return !reading.words.empty();
  }
  reading.ignores_case = take_lower_case(after);
  for (const std::string_view sign : {"===", "=="}) {
    if (!after.starts_with(sign)) continue;
    reading.words = words_of(after.substr(sign.size(), 80));
    return after.substr(sign.size()).starts_with('\'') && !reading.words.empty();
  }
  for (const std::string_view sign : {"!==", "!="}) {
    if (!after.starts_with(sign)) continue;
    reading.kind = Kind::none_of;
    reading.words = words_of(after.substr(sign.size(), 80));
    return after.substr(sign.size()).starts_with('\'') && !reading.words.empty();
  }
  if (after.starts_with("in(") || after.starts_with("in[") || after.starts_with("in{")) {
    reading.words = words_of(after.substr(2));
    return !reading.words.empty();
  }
  const bool tested =
      (before.ends_with("if(") && after.starts_with(")")) ||
      ((before.ends_with("if ") || before.ends_with("if")) && after == ":") ||
      (after.starts_with("?") && !after.starts_with("??") && !after.starts_with("?."));
  reading.kind = Kind::not_empty;
  return tested;
}

// "=== 'false'" and "!== 'true'" ask the other way round: what counts is which
// words mean on. Words that mean neither tell nothing.
bool settle_direction(TruthReading& reading) {
  if (reading.kind != Kind::one_of && reading.kind != Kind::none_of) return true;
  const auto all_among = [&](std::initializer_list<std::string_view> known) {
    return std::ranges::all_of(reading.words, [&](const std::string& word) {
      const std::string lower = lower_ascii(word);
      return std::ranges::find(known, lower) != known.end();
    });
  };
  if (all_among({"true", "1", "yes", "on", "y", "t", "enabled", "required"}))
    reading.kind = Kind::one_of;
  else if (all_among({"false", "0", "no", "off", "n", "f", "disabled", "none", "", "cert_none"}))
    reading.kind = Kind::none_of;
  else
    return false;
  return true;
}

std::string in_words(const TruthReading& reading) {
  switch (reading.kind) {
    case Kind::one_of:
      return fmt::format("{}{}", reading.words.size() == 1 ? "only " : "any of ",
                         join(reading.words, ", ")) +
             (reading.ignores_case ? ", in any case" : "");
    case Kind::none_of:
      return "anything but " + join(reading.words, ", ");
    case Kind::not_empty:
      return "any text that is not empty, false and 0 too";
    case Kind::json:
      return "what JSON.parse() takes as true";
    case Kind::parse_bool:
      return "1, t, T, TRUE, true and True";
  }
  return {};
}

}  // namespace

std::vector<TruthReading> truth_readings(ByteView bytes, std::string_view path) {
  std::vector<TruthReading> found;
  const std::vector<SourceLine> lines = source_lines(bytes, path);
  for (std::size_t i = 0; i < lines.size() && found.size() < kMostReadings; ++i) {
    const std::string_view code = lines[i].code;
    // Names of variables are in capitals and hold REDIS, TLS or SSL.
    if (code.find("REDIS") == kNone && code.find("TLS") == kNone && code.find("SSL") == kNone)
      continue;
    for (const std::string& name : known_variables()) {
      const std::size_t at = code.find(name);
      if (at == kNone || !is_switch(*meaning_of_variable(name))) continue;
      const std::size_t end = at + name.size();
      if ((end < code.size() && is_name_character(code[end])) ||
          (at > 0 && is_name_character(code[at - 1])))
        continue;
      const auto access = access_around(code, at, name.size());
      if (!access) continue;
      TruthReading reading;
      reading.variable = name;
      if (!classify(code.substr(0, access->begin), code.substr(access->end), reading) ||
          !settle_direction(reading))
        continue;
      reading.comparison = printable(code.substr(0, kLongestShown), kLongestShown);
      reading.takes_as_true = in_words(reading);
      reading.line = static_cast<int>(i) + 1;
      reading.column = lines[i].column_of(access->begin);
      found.push_back(std::move(reading));
    }
  }
  return found;
}

std::optional<bool> truth_by(const TruthReading& reading, std::string_view value) {
  const std::string text = reading.ignores_case ? lower_ascii(value) : std::string{value};
  const auto among = [&](const auto& words) {
    return std::ranges::find(words, text) != std::ranges::end(words);
  };
  switch (reading.kind) {
    case Kind::one_of:
      return among(reading.words);
    case Kind::none_of:
      return !among(reading.words);
    case Kind::not_empty:
      return !value.empty();
    case Kind::json:
      if (value == "true" || value == "false") return value == "true";
      return std::nullopt;
    case Kind::parse_bool:
      if (among(std::array{"1", "t", "T", "TRUE", "true", "True"})) return true;
      if (among(std::array{"0", "f", "F", "FALSE", "false", "False"})) return false;
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace rta::files
