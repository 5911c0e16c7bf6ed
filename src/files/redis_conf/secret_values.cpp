#include "files/redis_conf/secret_values.h"

#include "base/text.h"

namespace rta::files {
namespace {

bool is_placeholder(std::string_view value) {
  static constexpr std::array<std::string_view, 8> kWords{
      "your", "example", "changeme", "change_me", "xxxx", "placeholder", "replace", "dummy"};
  return looks_like_placeholder_secret(value) || contains_any(lower_ascii(value), kWords);
}

// Where the value is kept instead: op://vault/redis/password, vault:secret/x,
// file:///run/secrets/x, env:NAME, sops' ENC[AES256_GCM,...].
bool names_a_safe(std::string_view lower) {
  static constexpr std::array<std::string_view, 16> kSafes{
      "vault:",  "ssm:",       "secretsmanager:",
      "secret:", "secretref:", "keyvault:",
      "kv:",     "azurekv:",   "akv:",
      "gcp:",    "sm:",        "aws:",
      "env:",    "arn:aws:",   "file:",
      "enc["};
  const std::size_t scheme = lower.find("://");
  const bool is_address =
      scheme != std::string_view::npos && scheme > 0 && !lower.contains('@') &&
      std::ranges::all_of(lower.substr(0, scheme), [](char c) { return is_word(c) || c == '+'; });
  return is_address || lower.contains("vault:") ||
         std::ranges::any_of(kSafes, [&](auto safe) { return lower.starts_with(safe); });
}

// "Enter the password": words for people that say what belongs there.
bool is_label(std::string_view value) {
  static constexpr std::array<std::string_view, 6> kNames{"password", "passwort",   "passwd",
                                                          "passcode", "passphrase", "auth token"};
  return value.contains(' ') && contains_any(lower_ascii(value), kNames);
}

}  // namespace

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.';
}

bool is_literal(std::string_view value) {
  static constexpr std::array<std::string_view, 10> kReferences{
      "${", "$(", "{{", "<%", "%(", "#{", "process.env", "environ", "getenv", "secrets."};
  static constexpr std::array<std::string_view, 16> kNoValues{
      "str",   "string", "any", "none",     "null",     "nil",     "undefined", "true",
      "false", "yes",    "no",  "required", "optional", "boolean", "bool",      "self"};
  if (value.size() < 3 || std::string_view{"$<@%{(*&!"}.contains(value.front())) return false;
  if (contains_any(value, kReferences) || names_a_safe(lower_ascii(value)) || is_label(value))
    return false;
  return std::ranges::find(kNoValues, lower_ascii(value)) == kNoValues.end();
}

bool is_literal(const SecretValue& value) {
  static constexpr std::array<std::string_view, 7> kScopes{"var.",  "local.", "data.", "module.",
                                                           "each.", "self.",  "path."};
  const auto names = [&](std::string_view scope) { return value.text.starts_with(scope); };
  return is_literal(value.text) && (value.quoted || std::ranges::none_of(kScopes, names));
}

bool names_store(std::string_view lower_name) {
  return lower_name.contains("redis") || lower_name.contains("valkey");
}

bool names_secret(std::string_view lower_name) {
  static constexpr std::array<std::string_view, 6> kWords{"pass",  "passwd", "auth",
                                                          "token", "secret", "pwd"};
  static constexpr std::array<std::string_view, 6> kElsewhere{"file",   "path", "clients",
                                                              "author", "_tls", "name"};
  return contains_any(lower_name, kWords) && !contains_any(lower_name, kElsewhere);
}

SecretValue value_at(std::string_view rest) {
  rest = trim(rest);
  if (rest.empty()) return {};
  if (const char quote = rest.front(); quote == '"' || quote == '\'' || quote == '`')
    return {rest.substr(1, std::min(rest.find(quote, 1), rest.size()) - 1), true};
  return {rest.substr(0, rest.find_first_of(" \t\r\n,;)]}\"'")), false};
}

FoundMaterial secret(Material material, std::string_view name, std::string_view value) {
  return {material, 0, "", false, printable(name, 80), is_placeholder(value)};
}

}  // namespace rta::files
