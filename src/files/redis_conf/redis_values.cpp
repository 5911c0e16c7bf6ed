#include "files/redis_conf/redis_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cmath>
#include <cstdlib>
#include <optional>

#include "base/text.h"

namespace rta {
namespace {

using namespace std::string_view_literals;

std::unexpected<Refusal> refuse(std::string words) { return std::unexpected{std::move(words)}; }

// C strings end at their first NUL.
std::string c_string(const std::string& text) { return text.substr(0, text.find('\0')); }

ValueOrRefusal read_yes_no(const std::string& word) {
  if (same_word(word, "yes")) return "yes";
  if (same_word(word, "no")) return "no";
  return refuse("argument must be 'yes' or 'no'");
}

std::optional<std::string_view> known_word(const DirectiveInfo& directive,
                                           const std::string& word) {
  for (const std::string_view known : split(directive.words, ' '))
    if (same_word(known, word)) {
      // Both mean the same number; the first name is printed.
      return directive.name == "oom-score-adj" && known == "relative" ? "yes" : known;
    }
  return std::nullopt;
}

std::unexpected<Refusal> refuse_words(const DirectiveInfo& directive) {
  std::vector<std::string> known;
  for (const std::string_view word : split(directive.words, ' ')) known.emplace_back(word);
  return refuse("argument(s) must be one of the following: " + join(known, ", "));
}

ValueOrRefusal read_word_list(const DirectiveInfo& directive, std::span<const std::string> words) {
  std::vector<std::string_view> seen;
  for (const std::string& word : words) {
    const auto known = known_word(directive, word);
    if (!known) return refuse_words(directive);
    seen.push_back(*known);
  }
  if (seen.empty()) return refuse_words(directive);
  if (std::ranges::count(seen, "save") > 0 && std::ranges::count(seen, "nosave") > 0)
    return refuse("shutdown options SAVE and NOSAVE can't be used simultaneously");
  std::vector<std::string> printed;
  for (const std::string_view word : split(directive.words, ' '))
    if (word != "default" && std::ranges::count(seen, word) > 0) printed.emplace_back(word);
  return printed.empty() ? "default" : join(printed, " ");
}

// string2ll(): no blanks, no plus sign, no leading zero.
std::optional<std::int64_t> strict_number(std::string_view text) {
  if (text.empty() || text.size() >= 21) return std::nullopt;
  if (text == "0") return 0;
  const bool negative = text.front() == '-';
  if (negative) text.remove_prefix(1);
  if (text.empty() || text.front() < '1' || text.front() > '9') return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (value > (UINT64_MAX - digit) / 10) return std::nullopt;
    value = value * 10 + digit;
  }
  constexpr std::uint64_t kMax = INT64_MAX;
  if (value > kMax + (negative ? 1 : 0)) return std::nullopt;
  return static_cast<std::int64_t>(negative ? 0 - value : value);
}

// memtoull(): digits with b, k, kb, m, mb, g or gb; too large a number wraps.
std::optional<std::uint64_t> memory_amount(const std::string& text) {
  std::size_t digits = 0;
  while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') ++digits;
  if (digits >= 128) return std::nullopt;
  const std::string unit = lower_ascii(text.substr(digits));
  std::uint64_t factor = 0;
  if (unit.empty() || unit == "b")
    factor = 1;
  else if (unit == "k")
    factor = 1000;
  else if (unit == "kb")
    factor = 1024;
  else if (unit == "m")
    factor = 1000 * 1000;
  else if (unit == "mb")
    factor = 1024 * 1024;
  else if (unit == "g")
    factor = 1000ULL * 1000 * 1000;
  else if (unit == "gb")
    factor = 1024ULL * 1024 * 1024;
  else
    return std::nullopt;
  return std::strtoull(text.substr(0, digits).c_str(), nullptr, 10) * factor;
}

std::optional<std::int64_t> octal_number(const std::string& text) {
  char* end = nullptr;
  errno = 0;
  const long long value = std::strtoll(text.c_str(), &end, 8);
  if (errno != 0 || *end != '\0') return std::nullopt;
  return value;
}

std::optional<std::int64_t> percentage(const std::string& text) {
  if (text.size() < 2 || text.back() != '%') return std::nullopt;
  const auto value = strict_number(std::string_view{text}.substr(0, text.size() - 1));
  return value && *value >= 0 ? std::optional{-*value} : std::nullopt;
}

std::optional<Refusal> out_of_range(const DirectiveInfo& directive, std::int64_t value) {
  const bool octal = directive.kind == DirectiveKind::octal;
  if (directive.is_unsigned) {
    const auto number = static_cast<std::uint64_t>(value);
    const auto low = static_cast<std::uint64_t>(directive.low);
    const auto high = directive.unbounded ? UINT64_MAX : static_cast<std::uint64_t>(directive.high);
    if (number >= low && number <= high) return std::nullopt;
    return octal ? fmt::format("argument must be between {:o} and {:o} inclusive", low, high)
                 : fmt::format("argument must be between {} and {} inclusive", low, high);
  }
  if (directive.kind == DirectiveKind::memory_or_percent && value < 0) {
    if (value >= directive.low) return std::nullopt;
    return fmt::format("percentage argument must be less or equal to {}", -directive.low);
  }
  if (value >= directive.low && value <= directive.high) return std::nullopt;
  return fmt::format("argument must be between {} and {} inclusive", directive.low, directive.high);
}

std::string print_number(const DirectiveInfo& directive, std::int64_t value) {
  if (directive.kind == DirectiveKind::memory_or_percent && value < 0)
    return fmt::format("{}%", -value);
  if (directive.kind == DirectiveKind::octal)
    return fmt::format("{:o}", static_cast<std::uint64_t>(value));
  if (directive.is_unsigned) return fmt::format("{}", static_cast<std::uint64_t>(value));
  return fmt::format("{}", value);
}

ValueOrRefusal read_number(const DirectiveInfo& directive, const std::string& word) {
  std::optional<std::int64_t> value;
  const bool percent = directive.kind == DirectiveKind::memory_or_percent;
  const bool memory = percent || directive.kind == DirectiveKind::memory;
  if (memory)
    if (const auto amount = memory_amount(c_string(word)))
      value = static_cast<std::int64_t>(*amount);
  if (!value && percent) value = percentage(word);
  if (!value && directive.kind == DirectiveKind::octal) value = octal_number(word);
  if (!value && directive.kind == DirectiveKind::number) value = strict_number(word);
  if (!value && percent) return refuse("argument must be a memory or percent value");
  if (!value && memory) return refuse("argument must be a memory value");
  if (!value && directive.kind == DirectiveKind::octal)
    return refuse("argument couldn't be parsed as an octal number");
  if (!value) return refuse("argument couldn't be parsed into an integer");
  if (auto range = out_of_range(directive, *value)) return refuse(std::move(*range));
  // Values out of this range are capped after loading.
  if (directive.name == "hz") value = std::clamp<std::int64_t>(*value, 1, 500);
  return print_number(directive, *value);
}

std::optional<Refusal> bad_file_name(std::string_view name, const std::string& value) {
  const bool is_path =
      value.find('/') != std::string::npos || value.find('\\') != std::string::npos;
  if (name == "dbfilename" && is_path) return "dbfilename can't be a path, just a filename";
  if (name == "appendfilename" && value.empty()) return "appendfilename can't be empty";
  if (name == "appendfilename" && is_path) return "appendfilename can't be a path, just a filename";
  if (name == "appenddirname" && value.empty()) return "appenddirname can't be empty";
  if (name == "appenddirname" && is_path) return "appenddirname can't be a path, just a dirname";
  return std::nullopt;
}

std::optional<Refusal> bad_host_name(const std::string& value) {
  if (value.size() >= 256) return "Hostnames must be less than 256 characters";
  for (const char c : value)
    if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
          c == '.'))
      return "Hostnames may only contain alphanumeric characters, hyphens or dots";
  return std::nullopt;
}

// The title of the process: "{{" is a brace, "{NAME}" one of these, and
// something has to be left of it. Those without text here are empty at start.
bool is_title_template(std::string_view text) {
  constexpr std::array kNames{"title"sv,  "listen-addr"sv, "server-mode"sv, "port"sv,
                              "tls-port"sv, "unixsocket"sv,  "config-file"sv};
  constexpr std::array kEmpty{"title"sv, "server-mode"sv, "unixsocket"sv};
  bool shows = false;
  while (!text.empty()) {
    const std::size_t brace = std::min(text.find('{'), text.size());
    shows = shows || text.substr(0, brace).find_first_not_of(' ') != std::string_view::npos;
    if (brace == text.size()) break;
    text.remove_prefix(brace + 1);
    if (text.starts_with('{')) {
      shows = true;
      text.remove_prefix(1);
      continue;
    }
    const std::size_t end = text.find('}');
    const std::string_view name = text.substr(0, end);
    if (end == std::string_view::npos || std::ranges::find(kNames, name) == kNames.end())
      return false;
    shows = shows || std::ranges::find(kEmpty, name) == kEmpty.end();
    text.remove_prefix(end + 1);
  }
  return shows;
}

ValueOrRefusal read_text(const DirectiveInfo& directive, const std::string& word) {
  if (is_secret_directive(directive.name) && !directive.name.starts_with("tls-")) return word;
  std::string value = c_string(word);
  if (auto bad = bad_file_name(directive.name, value)) return refuse(std::move(*bad));
  if (directive.name == "cluster-announce-hostname")
    if (auto bad = bad_host_name(value)) return refuse(std::move(*bad));
  if (directive.name == "proc-title-template" && !is_title_template(value))
    return refuse("template format is invalid or contains unknown variables");
  return value;
}

// strtoll() with nothing behind the number.
std::optional<std::int64_t> loose_number(const std::string& text) {
  char* end = nullptr;
  const long long value = std::strtoll(text.c_str(), &end, 10);
  return *end == '\0' ? std::optional<std::int64_t>{value} : std::nullopt;
}

ValueOrRefusal read_save(std::span<const std::string> words, std::string_view before,
                         bool save_seen) {
  if (words.size() == 1 && words[0].empty()) return "";
  if (words.size() % 2 != 0) return refuse("Invalid save parameters");
  std::string value{save_seen ? before : std::string_view{}};
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto number = loose_number(words[i]);
    if (!number || *number < (i % 2 == 0 ? 1 : 0)) return refuse("Invalid save parameters");
    if (!value.empty()) value += ' ';
    value += fmt::format("{}", i % 2 == 0 ? *number : static_cast<int>(*number));
  }
  return value;
}

std::optional<std::size_t> buffer_class(const std::string& name) {
  if (same_word(name, "normal")) return 0;
  if (same_word(name, "slave") || same_word(name, "replica")) return 1;
  if (same_word(name, "pubsub")) return 2;
  return std::nullopt;
}

ValueOrRefusal read_buffer_limits(std::span<const std::string> words, std::string_view before) {
  if (words.size() % 4 != 0)
    return refuse("Wrong number of arguments in buffer limit configuration.");
  std::vector<std::string> parts;
  for (const std::string_view part : split(before, ' ')) parts.emplace_back(part);
  for (std::size_t i = 0; i < words.size(); i += 4) {
    const auto which = buffer_class(words[i]);
    if (!which) return refuse("Invalid client class specified in buffer limit configuration.");
    const auto hard = memory_amount(words[i + 1]);
    const auto soft = memory_amount(words[i + 2]);
    const auto seconds = loose_number(words[i + 3]);
    if (!hard || !soft || !seconds || static_cast<int>(*seconds) < 0)
      return refuse("Error in hard, soft or soft_seconds setting in buffer limit configuration.");
    if (parts.size() < 12) continue;
    parts[*which * 4 + 1] = fmt::format("{}", *hard);
    parts[*which * 4 + 2] = fmt::format("{}", *soft);
    parts[*which * 4 + 3] = fmt::format("{}", static_cast<int>(*seconds));
  }
  return join(parts, " ");
}

ValueOrRefusal read_oom_scores(std::span<const std::string> words) {
  if (words.size() != 3) return refuse("wrong number of arguments");
  std::vector<std::string> printed;
  for (const std::string& word : words) {
    const auto number = loose_number(word);
    if (!number || *number < -2000 || *number > 2000)
      return refuse("Invalid oom-score-adj-values, elements must be between -2000 and 2000.");
    printed.push_back(fmt::format("{}", *number));
  }
  return join(printed, " ");
}

ValueOrRefusal read_events(const std::string& word) {
  constexpr std::string_view kAll = "g$lshzxetd";
  std::set<char> flags;
  for (const char c : c_string(word)) {
    if (c == 'A')
      flags.insert(kAll.begin(), kAll.end());
    else if (kAll.find(c) != std::string_view::npos || c == 'K' || c == 'E' || c == 'm' || c == 'n')
      flags.insert(c);
    else
      return refuse("Invalid event class character. Use 'Ag$lshzxeKEtmdn'.");
  }
  const bool all = std::ranges::all_of(kAll, [&](char c) { return flags.contains(c); });
  std::string printed;
  if (all)
    printed = "A";
  else
    for (const char c : std::string_view{"g$lshzxetdn"})
      if (flags.contains(c)) printed += c;
  for (const char c : std::string_view{"KEm"})
    if (flags.contains(c)) printed += c;
  return printed;
}

ValueOrRefusal read_addresses(std::span<const std::string> words) {
  if (words.size() > 16) return refuse("Too many bind addresses specified.");
  std::vector<std::string> addresses;
  for (const std::string& word : words) addresses.push_back(c_string(word));
  return join(addresses, " ");
}

ValueOrRefusal read_replica_of(std::span<const std::string> words) {
  if (words.size() != 2) return refuse("wrong number of arguments");
  if (same_word(words[0], "no") && same_word(words[1], "one")) return "";
  const auto port = loose_number(words[1]);
  const auto narrowed = port ? static_cast<int>(*port) : -1;
  if (narrowed < 0 || narrowed > 65535) return refuse("Invalid master port");
  return fmt::format("{} {}", c_string(words[0]), narrowed);
}

ValueOrRefusal read_percentiles(std::span<const std::string> words) {
  if (words.size() == 1 && words[0].empty()) return "";
  std::vector<std::string> printed;
  for (const std::string& word : words) {
    char* end = nullptr;
    errno = 0;
    const double value = std::strtod(word.c_str(), &end);
    if (word.empty() || word.front() == ' ' || *end != '\0' || std::isnan(value))
      return refuse("Invalid latency-tracking-info-percentiles parameters");
    if (value > 100.0 || value < 0.0)
      return refuse("latency-tracking-info-percentiles parameters should sit between [0.0,100.0]");
    std::string text = fmt::format("{:f}", value);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    printed.push_back(std::move(text));
  }
  return join(printed, " ");
}

}  // namespace

bool same_word(std::string_view one, std::string_view other) {
  return lower_ascii(one.substr(0, one.find('\0'))) ==
         lower_ascii(other.substr(0, other.find('\0')));
}

ValueOrRefusal read_directive_value(const DirectiveInfo& directive,
                                    std::span<const std::string> words, std::string_view before,
                                    bool save_seen) {
  switch (directive.kind) {
    case DirectiveKind::word_list:
      return read_word_list(directive, words);
    case DirectiveKind::save:
      return read_save(words, before, save_seen);
    case DirectiveKind::buffer_limits:
      return read_buffer_limits(words, before);
    case DirectiveKind::oom_scores:
      return read_oom_scores(words);
    case DirectiveKind::addresses:
      return read_addresses(words);
    case DirectiveKind::replica_of:
      return read_replica_of(words);
    case DirectiveKind::percentiles:
      return read_percentiles(words);
    case DirectiveKind::yes_no:
    case DirectiveKind::text:
    case DirectiveKind::words:
    case DirectiveKind::number:
    case DirectiveKind::octal:
    case DirectiveKind::memory:
    case DirectiveKind::memory_or_percent:
    case DirectiveKind::directory:
    case DirectiveKind::events:
      break;
  }
  if (words.size() != 1) return refuse("wrong number of arguments");
  const std::string& word = words.front();
  switch (directive.kind) {
    case DirectiveKind::yes_no:
      return read_yes_no(word);
    case DirectiveKind::words:
      if (const auto known = known_word(directive, word)) return std::string{*known};
      return refuse_words(directive);
    case DirectiveKind::events:
      return read_events(word);
    case DirectiveKind::text:
    case DirectiveKind::directory:
      return read_text(directive, word);
    default:
      return read_number(directive, word);
  }
}

}  // namespace rta
