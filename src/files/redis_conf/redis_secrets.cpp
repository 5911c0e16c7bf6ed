#include "files/redis_conf/redis_secrets.h"

#include <redis_tls_audit/limits.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include "base/text.h"
#include "files/keys/needle_finder.h"
#include "files/redis_conf/secret_blocks.h"
#include "files/redis_conf/secret_brackets.h"
#include "files/redis_conf/secret_manifests.h"
#include "files/redis_conf/secret_values.h"

namespace rta::files {
namespace {

constexpr std::string_view kAclLine = "\nuser ";
constexpr std::array<std::string_view, 15> kNeedles{
    "edis",       "EDIS",       "requirepass", "masterauth", "auth-pass",
    "auth_token", "auth-token", "AuthToken",   "PASSW",      "SECRET",
    "TOKEN",      "alkey",      "ALKEY",       " on >",      kAclLine};

bool is_blank(char c) { return c == ' ' || c == '\t'; }

// Where `wanted` stands at or behind `from`, else the size of the text.
std::size_t position(std::string_view text, std::string_view wanted, std::size_t from) {
  const void* at = ::memmem(text.data() + from, text.size() - from, wanted.data(), wanted.size());
  return at == nullptr ? text.size()
                       : static_cast<std::size_t>(static_cast<const char*>(at) - text.data());
}

// requirepass x, masterauth x, sentinel auth-pass name x: as a directive or as
// an argument ("--requirepass x", "--requirepass", "x").
std::optional<FoundMaterial> password_directive(std::string_view line) {
  for (const std::string_view name : {"requirepass", "masterauth", "auth-pass"}) {
    const std::size_t at = line.find(name);
    if (at == std::string_view::npos) continue;
    std::string_view before = line.substr(0, at);
    const bool argument = before.ends_with("--");
    if (!argument && !trim(before).empty() && trim(before) != "sentinel") continue;
    std::string_view rest = line.substr(at + name.size());
    if (rest.empty() || is_word(rest.front())) continue;
    if (argument && rest.starts_with('"')) rest.remove_prefix(1);  // end of its own quotes
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t,="), rest.size()));
    if (name == "auth-pass") {
      rest = trim(rest);
      rest.remove_prefix(std::min(rest.find_first_of(" \t"), rest.size()));
    }
    const SecretValue value = value_at(rest);
    if (is_literal(value)) return secret(Material::redis_secret, name, value.text);
  }
  return std::nullopt;
}

// user NAME on >password ...: of an ACL file or redis.conf.
std::optional<FoundMaterial> acl_user(std::string_view line) {
  if (!line.starts_with("user ")) return std::nullopt;
  bool switched = false;
  std::optional<std::string_view> password;
  const std::vector<std::string_view> words = split(line, ' ');
  for (std::size_t i = 2; i < words.size(); ++i) {
    switched = switched || words[i] == "on" || words[i] == "off" || words[i].starts_with('~') ||
               words[i].starts_with('+');
    if (words[i].size() > 1 && words[i].front() == '>') password = trim(words[i].substr(1));
  }
  if (!switched || !password || !is_literal(*password)) return std::nullopt;
  return secret(Material::redis_secret, "user " + std::string{words[1]}, *password);
}

// redis://user:password@host, and the other schemes of Redis clients.
std::optional<FoundMaterial> url_password(std::string_view line) {
  static constexpr std::array<std::string_view, 4> kSchemes{"redis", "rediss", "valkey", "valkeys"};
  const std::string lower = lower_ascii(line);
  for (std::size_t at = lower.find("://"); at != std::string::npos;
       at = lower.find("://", at + 3)) {
    const std::string_view before = std::string_view{lower}.substr(0, at);
    if (std::ranges::none_of(kSchemes, [&](auto scheme) { return before.ends_with(scheme); }))
      continue;
    std::string_view rest = line.substr(at + 3);
    rest = rest.substr(0, rest.find_first_of(" \t\"'`<>,)"));
    const std::size_t sign = rest.rfind('@');
    const std::size_t colon = rest.find(':');
    if (sign == std::string_view::npos || colon >= sign) continue;
    const std::string_view password = rest.substr(colon + 1, sign - colon - 1);
    // "[[username]:[password]]@" of a grammar.
    if (is_literal(password) && password.front() != '[')
      return secret(Material::redis_secret, "password in a Redis URL", password);
  }
  return std::nullopt;
}

// NAME=value, NAME: value, "NAME": "value", name = "value".
std::optional<FoundMaterial> assignment(std::string_view line) {
  for (std::size_t at = line.find_first_of("=:"); at != std::string_view::npos;
       at = line.find_first_of("=:", at + 1)) {
    std::size_t end = at;
    while (end > 0 && std::string_view{" \t\"'"}.contains(line[end - 1])) --end;
    std::size_t start = end;
    while (start > 0 && is_word(line[start - 1])) --start;
    const std::string_view name = line.substr(start, end - start);
    if (name.empty() || name.size() > 80) continue;
    if (line.substr(0, start).ends_with("${")) continue;  // ${NAME:-default}: a reference
    const std::string lower = lower_ascii(name);
    const bool of_redis = names_store(lower) && names_secret(lower);
    const bool token = lower == "auth_token" || lower == "authtoken";
    const bool of_environment =
        contains_any(name, std::array<std::string_view, 6>{"PASSWORD", "PASSWD", "SECRET", "TOKEN",
                                                           "API_KEY", "ACCESS_KEY"}) &&
        names_secret(lower_ascii(name) + "secret") && trim(line.substr(0, start)).size() <= 6;
    if (!of_redis && !token && !of_environment) continue;
    const SecretValue value = value_at(line.substr(at + 1));
    if (!is_literal(value) || lower_ascii(value.text) == lower) continue;
    // Without quotes, calls, members and indices are code.
    if (!value.quoted && (value.text.find_first_of("([{") != std::string_view::npos ||
                          value.text.find("assword") != std::string_view::npos))
      continue;
    if ((of_redis || token) && value.text.front() == '/') continue;  // a path
    FoundMaterial found =
        secret(of_redis || token ? Material::redis_secret : Material::environment_secret, name,
               value.text);
    // `a = b` and `a: b` of a program name another thing or a type; settings write values so.
    const bool is_shell = line[at] == '=' && end == at;
    found.bare = !value.quoted && !is_shell && (of_redis || token);
    found.column = static_cast<int>(start) + 1;
    return found;
  }
  return std::nullopt;
}

// aws elasticache ... --auth-token x
std::optional<FoundMaterial> token_argument(std::string_view line) {
  const std::size_t at = line.find("--auth-token");
  if (at == std::string_view::npos) return std::nullopt;
  std::string_view rest = line.substr(at + 12);
  if (rest.empty() || !std::string_view{" =\t\""}.contains(rest.front())) return std::nullopt;
  const SecretValue value = value_at(rest.substr(1));
  if (!is_literal(value)) return std::nullopt;
  if (value.text.size() < kShortestAuthToken && !looks_like_placeholder_secret(value.text))
    return std::nullopt;
  return secret(Material::redis_secret, "--auth-token", value.text);
}

// redis-cli -a x, redis-cli --pass x, ["redis-cli", "-a", "x"]
std::optional<FoundMaterial> command_line_password(std::string_view line) {
  const std::size_t program = std::min(line.find("redis-cli"), line.find("valkey-cli"));
  if (program == std::string_view::npos) return std::nullopt;
  for (const std::string_view option : {"-a", "--pass"})
    for (std::size_t at = line.find(option, program); at != std::string_view::npos;
         at = line.find(option, at + option.size())) {
      std::string_view rest = line.substr(at + option.size());
      if (!std::string_view{" \t\"',"}.contains(line[at - 1]) || rest.empty() ||
          !std::string_view{" \t\"',"}.contains(rest.front()))
        continue;
      if (rest.front() == line[at - 1] && !is_blank(rest.front())) rest.remove_prefix(1);
      rest.remove_prefix(std::min(rest.find_first_not_of(" \t,"), rest.size()));
      const SecretValue value = value_at(rest);
      if (!is_literal(value)) continue;
      FoundMaterial found =
          secret(Material::redis_secret, fmt::format("redis-cli {}", option), value.text);
      found.column = static_cast<int>(at) + 1;
      return found;
    }
  return std::nullopt;
}

FoundMaterial client_secret(std::string_view value, std::size_t at) {
  FoundMaterial found = secret(Material::redis_secret, "password of a Redis client", value);
  found.column = static_cast<int>(at) + 1;
  return found;
}

// new Redis({password: "x"}), Redis(password="x"), and .NET's
// "redis:6380,password=x,ssl=true": a client's password in the line that names it.
std::optional<FoundMaterial> client_password(std::string_view line) {
  const std::string lower = lower_ascii(line);
  if (!names_store(lower)) return std::nullopt;
  const StoreBrackets brackets{lower};
  for (std::size_t at = lower.find("password"); at != std::string::npos;
       at = lower.find("password", at + 8)) {
    if ((at > 0 && is_word(line[at - 1])) || !brackets.is_of_store(at)) continue;
    const bool in_list = at > 0 && line[at - 1] == ',';
    std::string_view rest = line.substr(at + 8);
    if (in_list && rest.starts_with('=')) {
      const std::string_view value = rest.substr(1, rest.find_first_of(",;\"' \t") - 1);
      if (!value.empty() && is_literal(value)) return client_secret(value, at);
    }
    rest.remove_prefix(std::min(rest.find_first_not_of("\"' \t"), rest.size()));
    if (rest.empty() || !std::string_view{":="}.contains(rest.front())) continue;
    rest.remove_prefix(rest.starts_with("=>") ? 2 : 1);
    const SecretValue value = value_at(rest);
    if (value.quoted && is_literal(value)) return client_secret(value.text, at);
  }
  return std::nullopt;
}

std::optional<FoundMaterial> secret_in(std::string_view line) {
  std::optional<FoundMaterial> found = password_directive(line);
  if (!found) found = acl_user(line);
  if (!found) found = url_password(line);
  if (!found) found = token_argument(line);
  if (!found) found = assignment(line);
  if (!found) found = command_line_password(line);
  if (!found) found = client_password(line);
  return found;
}

bool is_comment(std::string_view line) {
  return line.starts_with('#') || line.starts_with("//") || line.starts_with(';') ||
         line.starts_with("<!--") || line.starts_with("* ");
}

std::string_view line_before(std::string_view text, std::size_t start) {
  if (start == 0) return {};
  const std::string_view before = text.substr(0, start - 1);
  const std::size_t end = before.rfind('\n');
  const std::string_view line = end == std::string_view::npos ? before : before.substr(end + 1);
  return line.substr(0, kLongestLine);
}

// createClient({ ... }) of a program that loads the client "redis" names no store itself.
void add_client_calls(std::string_view text, std::vector<std::size_t>& starts) {
  for (const std::string_view call : kClientCalls)
    for (std::size_t at = position(text, call, 0); at < text.size();
         at = position(text, call, at + call.size())) {
      const std::size_t before = text.substr(0, at).rfind('\n');
      starts.push_back(before == std::string_view::npos ? 0 : before + 1);
    }
}

}  // namespace

std::span<const std::string_view> secret_needles() { return kNeedles; }

bool begins_with_acl_user(std::string_view text) { return text.starts_with(kAclLine.substr(1)); }

bool may_hold_secrets(std::string_view text) {
  if (text.size() > limits::kTextFile) return false;  // settings are small
  static const NeedleFinder finder{kNeedles};
  return finder.any_in(text) || begins_with_acl_user(text);
}

// Only lines that hold one of the needles are looked at: nearly all text in a
// repository is something else.
std::vector<FoundMaterial> find_secrets(std::string_view text) {
  std::vector<std::size_t> starts;
  for (const std::string_view needle : kNeedles) {
    for (std::size_t at = position(text, needle, 0); at < text.size();) {
      if (needle == kAclLine) ++at;
      const std::size_t before = text.substr(0, at).rfind('\n');
      starts.push_back(before == std::string_view::npos ? 0 : before + 1);
      const std::size_t end = position(text, "\n", at);
      at = end == text.size() ? end : position(text, needle, end);
    }
  }
  if (text.starts_with(kAclLine.substr(1))) starts.push_back(0);
  const bool loads_client = loads_redis_client(text);
  if (loads_client) add_client_calls(text, starts);
  std::ranges::sort(starts);
  starts.erase(std::ranges::unique(starts).begin(), starts.end());

  std::vector<FoundMaterial> all;
  const auto add = [&](FoundMaterial found) {
    const auto is_same = [&](const FoundMaterial& one) {
      return one.line == found.line && one.column == found.column;
    };
    if (std::ranges::none_of(all, is_same)) all.push_back(std::move(found));
  };
  int number = 1;
  std::size_t counted = 0;
  for (const std::size_t start : starts) {
    const std::size_t end = position(text, "\n", start);
    const std::string_view whole = text.substr(start, end - start).substr(0, kLongestLine);
    const std::string_view line = trim(whole);
    if (line.empty() || is_comment(line)) continue;
    const std::size_t next = std::min(end + 1, text.size());
    std::optional<FoundMaterial> found = secret_in(line);
    if (found && found->column > 0) found->column += static_cast<int>(line.data() - whole.data());
    if (!found) found = password_of_block(text, start, whole, loads_client);
    if (!found)
      found = named_value(
          line, text.substr(next, std::min(position(text, "\n", next) - next, kLongestLine)),
          line_before(text, start));
    if (!found) continue;
    number += static_cast<int>(std::ranges::count(text.substr(counted, start - counted), '\n'));
    counted = start;
    found->line += number;  // what is found off the line counts from it
    if (found->column == 0) found->column = static_cast<int>(line.data() - whole.data()) + 1;
    add(*std::move(found));
    if (all.size() == kMaterialPerFile) return all;
  }
  for (FoundMaterial& found : secrets_of_manifests(text, secret_in)) {
    if (all.size() == kMaterialPerFile) return all;
    add(std::move(found));
  }
  return all;
}

}  // namespace rta::files
