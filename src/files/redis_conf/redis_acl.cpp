#include "files/redis_conf/redis_acl.h"

#include <fmt/format.h>

#include "base/digest.h"
#include "base/text.h"
#include "files/redis_conf/redis_directives.h"
#include "files/redis_conf/redis_values.h"
#include "files/redis_conf/sds_words.h"

namespace rta {
namespace {

std::string hash_of(std::string_view password) { return sha256_hex(password); }

bool is_hash(std::string_view text) {
  return text.size() == 64 && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

bool is_placeholder_hash(const std::string& hash) {
  static const std::set<std::string> known = [] {
    std::set<std::string> all;
    for (const std::string_view word : placeholder_secrets()) all.insert(hash_of(word));
    return all;
  }();
  return known.contains(hash);
}

bool is_category(std::string_view name) {
  constexpr std::string_view kCategories[]{
      "all",       "keyspace",   "read",        "write",    "set",         "sortedset",
      "list",      "hash",       "string",      "bitmap",   "hyperloglog", "geo",
      "stream",    "pubsub",     "admin",       "fast",     "slow",        "blocking",
      "dangerous", "connection", "transaction", "scripting"};
  return std::ranges::count(kCategories, lower_ascii(name)) > 0;
}

// "+config|get", "+select|0"
std::optional<AclError> allow_command(std::string_view name) {
  const std::string lower = lower_ascii(name);
  const std::size_t bar = lower.rfind('|');
  if (bar == std::string::npos)
    return is_redis_command(lower) ? std::nullopt : std::optional{AclError::unknown_command};
  const std::string command = lower.substr(0, bar);
  if (!is_redis_command(command)) return AclError::unknown_command;
  if (command.find('|') != std::string::npos) return AclError::first_argument_of_subcommand;
  if (bar + 1 == lower.size()) return AclError::syntax;
  if (has_subcommands(command) && !is_redis_command(lower)) return AclError::unknown_command;
  return std::nullopt;
}

// "%RW~pattern": the position of the pattern, or nothing.
std::optional<std::size_t> pattern_start(std::string_view rule) {
  if (rule.front() == '~') return 1;
  bool read = false, write = false;
  for (std::size_t i = 1; i < rule.size(); ++i) {
    const char c = rule[i];
    if (c == '~') {
      if (!read && !write) return std::nullopt;
      return i + 1;
    }
    if ((c == 'R' || c == 'r') && !read)
      read = true;
    else if ((c == 'W' || c == 'w') && !write)
      write = true;
    else
      return std::nullopt;
  }
  // Since CVE-2024-51741 a rule without R and W is none.
  return read || write ? std::optional{rule.size()} : std::nullopt;
}

}  // namespace

std::string_view acl_error_text(AclError error) {
  switch (error) {
    case AclError::unknown_command:
      return "Unknown command or category name in ACL";
    case AclError::syntax:
      return "Syntax error";
    case AclError::pattern_after_all_keys:
      return "Adding a pattern after the * pattern (or the 'allkeys' flag) is not valid and does "
             "not "
             "have any effect. Try 'resetkeys' to start with an empty list of patterns";
    case AclError::pattern_after_all_channels:
      return "Adding a pattern after the * pattern (or the 'allchannels' flag) is not valid and "
             "does "
             "not have any effect. Try 'resetchannels' to start with an empty list of channels";
    case AclError::no_such_password:
      return "The password you are trying to remove from the user does not exist";
    case AclError::bad_hash:
      return "The password hash must be exactly 64 characters and contain only lowercase "
             "hexadecimal characters";
    case AclError::duplicate_user:
      return "Duplicate user found. A user can only be defined once in config files";
    case AclError::first_argument_of_subcommand:
      return "Allowing first-arg of a subcommand is not supported";
  }
  return "Wrong format";
}

bool has_blanks(std::string_view text) {
  return std::ranges::any_of(
      text, [](char c) { return c == ' ' || c == '\0' || (c >= '\t' && c <= '\r'); });
}

std::optional<AclError> AclRules::Selector::apply(std::string_view rule) {
  if (same_word(rule, "allkeys") || rule == "~*") return all_keys = true, std::nullopt;
  if (same_word(rule, "resetkeys")) return all_keys = false, std::nullopt;
  if (same_word(rule, "allchannels") || rule == "&*") return all_channels = true, std::nullopt;
  if (same_word(rule, "resetchannels")) return all_channels = false, std::nullopt;
  if (same_word(rule, "allcommands") || same_word(rule, "nocommands")) return std::nullopt;
  if (rule.empty()) return AclError::syntax;
  if (rule.front() == '~' || rule.front() == '%') {
    if (all_keys) return AclError::pattern_after_all_keys;
    const auto start = pattern_start(rule);
    if (!start || has_blanks(rule.substr(*start))) return AclError::syntax;
    return std::nullopt;
  }
  if (rule.front() == '&') {
    if (all_channels) return AclError::pattern_after_all_channels;
    if (has_blanks(rule.substr(1))) return AclError::syntax;
    return std::nullopt;
  }
  const bool plus = rule.front() == '+';
  if (!plus && rule.front() != '-') return AclError::syntax;
  if (rule.size() > 1 && rule[1] == '@')
    return is_category(rule.substr(2)) ? std::nullopt : std::optional{AclError::unknown_command};
  if (plus) return allow_command(rule.substr(1));
  return is_redis_command(lower_ascii(rule.substr(1))) ? std::nullopt
                                                       : std::optional{AclError::unknown_command};
}

AclRules AclRules::fresh(bool all_channels) {
  AclRules user;
  user.default_channels_ = all_channels;
  user.root_.all_channels = all_channels;
  return user;
}

AclRules AclRules::built_in_default() {
  AclRules user;
  user.enabled_ = user.nopass_ = true;
  user.root_ = {true, true};
  user.shown_ = {"on", "nopass", "~*", "&*", "+@all"};
  return user;
}

void AclRules::set_only_password(std::string_view password) {
  hashes_.clear();
  nopass_ = password.empty();
  placeholder_ = looks_like_placeholder_secret(password);
  if (!password.empty()) {
    hashes_.insert(hash_of(password));
    std::erase(shown_, "nopass");
  }
}

std::optional<AclError> AclRules::apply_password(std::string_view rule) {
  const bool plain = rule.front() == '>' || rule.front() == '<';
  const std::string_view value = rule.substr(1);
  if (!plain && !is_hash(value)) return AclError::bad_hash;
  const std::string hash = plain ? hash_of(value) : std::string{value};
  if (rule.front() == '<' || rule.front() == '!')
    return hashes_.erase(hash) == 1 ? std::nullopt : std::optional{AclError::no_such_password};
  hashes_.insert(hash);
  nopass_ = false;
  if ((plain && looks_like_placeholder_secret(value)) || is_placeholder_hash(hash))
    placeholder_ = true;
  return std::nullopt;
}

std::optional<AclError> AclRules::apply_selector(std::string_view rule) {
  Selector selector;
  const auto rules = split_sds_words(rule.substr(1, rule.size() - 2));
  if (!rules) return std::nullopt;  // Redis takes unbalanced quotes for an empty selector
  for (const std::string& inner : *rules)
    if (auto error = selector.apply(inner)) return error;
  return std::nullopt;
}

std::optional<AclError> AclRules::apply(std::string_view rule) {
  if (rule.empty()) return std::nullopt;
  const char first = rule.front();
  if (first == '>' || first == '#' || first == '<' || first == '!') return apply_password(rule);
  std::optional<AclError> error;
  if (same_word(rule, "on")) {
    enabled_ = true;
  } else if (same_word(rule, "off")) {
    enabled_ = false;
  } else if (same_word(rule, "nopass") || same_word(rule, "resetpass")) {
    nopass_ = same_word(rule, "nopass");
    hashes_.clear();
    placeholder_ = false;
  } else if (same_word(rule, "reset")) {
    *this = fresh(default_channels_);
  } else if (same_word(rule, "skip-sanitize-payload") || same_word(rule, "sanitize-payload") ||
             same_word(rule, "clearselectors")) {
    // Nothing that is judged.
  } else if (first == '(' && rule.back() == ')' && rule.size() > 1) {
    error = apply_selector(rule);
  } else {
    error = root_.apply(rule);
  }
  if (!error) shown_.push_back(printable(rule, 200));
  return error;
}

ConfigurationUser AclRules::facts(const std::string& name, SourceLocation location) const {
  return {.name = printable(name, 100),
          .enabled = enabled_,
          .nopass = nopass_,
          .passwords = static_cast<int>(hashes_.size()),
          .placeholder_password = placeholder_,
          .rules = join(shown_, " "),
          .location = std::move(location)};
}

std::optional<std::vector<std::string>> merge_selectors(std::span<const std::string> rules,
                                                        std::size_t& opened_at) {
  std::vector<std::string> merged;
  std::optional<std::string> open;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const std::string& rule = rules[i];
    if (rule.starts_with('(') && !rule.ends_with(')')) {
      open = rule;
      opened_at = i;
    } else if (open) {
      *open += " " + rule;
      if (!rule.ends_with(')')) continue;
      merged.push_back(std::move(*open));
      open.reset();
    } else {
      merged.push_back(rule);
    }
  }
  if (open) return std::nullopt;
  return merged;
}

namespace {

// One line of the file; the text is what Redis logs about it, empty when fine.
std::string read_acl_line(const std::vector<std::string>& words, const std::string& place,
                          bool all_channels, AclFileReading& reading, int line) {
  if (words[0] != "user" || words.size() < 2)
    return fmt::format("{} should start with user keyword followed by the username. ", place);
  if (has_blanks(words[1]))
    return fmt::format("'{}: username '{}' contains invalid characters. ", place, words[1]);
  for (const AclUserLine& user : reading.users)
    if (user.name == words[1])
      return fmt::format("WARNING: Duplicate user '{}' found on line {}. ", words[1], line);
  std::size_t opened_at = 0;
  auto rules = merge_selectors(std::span{words}.subspan(2), opened_at);
  if (!rules) return place + ": Unmatched parenthesis in selector definition.";
  AclRules user = AclRules::fresh(all_channels);
  std::string problems;
  bool syntax_told = false;
  for (std::string& rule : *rules) {
    rule = trim(rule);
    const auto error = user.apply(rule);
    if (!error) continue;
    if (*error == AclError::unknown_command) {
      problems += fmt::format("{}: Error in applying operation '{}': {}. ", place, rule,
                              acl_error_text(*error));
    } else if (!syntax_told) {
      problems += fmt::format("{}: {}. ", place, acl_error_text(*error));
      syntax_told = true;
    }
  }
  reading.users.push_back(
      {words[1], std::move(*rules), {place.substr(0, place.rfind(':')), line, 0}});
  return problems;
}

}  // namespace

AclFileReading read_acl_file(std::string_view text, const std::string& name, bool all_channels) {
  AclFileReading reading;
  std::string problems;
  int line = 0;
  for (const std::string_view raw : split(text.substr(0, text.find('\0')), '\n')) {
    ++line;
    const std::string_view trimmed = trim(raw);
    if (trimmed.empty()) continue;
    std::vector<std::string> words;
    for (const std::string_view word : split(trimmed, ' ')) words.emplace_back(word);
    const std::string problem =
        read_acl_line(words, fmt::format("{}:{}", name, line), all_channels, reading, line);
    if (!problem.empty() && reading.refused_line == 0) reading.refused_line = line;
    problems += problem;
  }
  if (!problems.empty())
    reading.refused =
        "Aborting Redis startup because of ACL errors: " + problems +
        "WARNING: ACL errors detected, no change to the previously active ACL rules was "
        "performed";
  return reading;
}

}  // namespace rta
