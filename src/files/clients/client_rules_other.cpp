// Clients whose rules were read in their sources and manuals: go-redis v9,
// StackExchange.Redis 2, Lettuce 6, Spring Boot 2 and 3, Jedis 3 to 5; and
// redis-cli, which is compared with the real one.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "files/clients/client_rules.h"
#include "files/clients/redis_url.h"

namespace rta::files {
namespace {

using enum ClientVerdict;
using Kind = OptionValue::Kind;

constexpr std::size_t kNone = std::string_view::npos;

bool contains(std::string_view text, std::string_view part) { return text.find(part) != kNone; }

// The arguments of ".name(...)" in a chain of builder calls; absent when it is
// not called, and the last call counts.
std::optional<std::string> builder_argument(std::string_view text, std::string_view name) {
  std::optional<std::string> found;
  for (std::size_t at = text.find(name); at != kNone; at = text.find(name, at + 1)) {
    const bool starts = at == 0 || text[at - 1] == '.' || text[at - 1] == ' ';
    const std::string_view after = text.substr(at + name.size());
    if (!starts || !after.starts_with('(')) continue;
    found = std::string{trim(after.substr(1, balanced_length(after.substr(1), "")))};
  }
  return found;
}

const std::string* query_value(const std::vector<std::pair<std::string, std::string>>& query,
                               std::string_view name) {
  for (const auto& [key, value] : query)
    if (lower_ascii(key) == lower_ascii(name)) return &value;
  return nullptr;
}

ClientJudgement judge_go_config(const OptionValue& config, const std::string& host) {
  if (const OptionValue* skip = config.member("InsecureSkipVerify")) {
    if (skip->is(Kind::code)) return {unknown, "InsecureSkipVerify comes from code"};
    if (skip->is_true()) {
      const bool own = config.member("VerifyPeerCertificate") != nullptr ||
                       config.member("VerifyConnection") != nullptr;
      return own ? ClientJudgement{unknown, "VerifyPeerCertificate verifies in its own way"}
                 : ClientJudgement{tls_unverified, "InsecureSkipVerify is true"};
    }
  }
  const OptionValue* name = config.member("ServerName");
  if (name != nullptr && name->is(Kind::text) && !name->text.empty() && !host.empty() &&
      name->text != host)
    return {tls_verified_other_name, "ServerName is " + name->text};
  return {tls_verified, "Go verifies chain and name unless it is told not to"};
}

std::string host_of_address(std::string_view address) {
  return std::string{address.substr(0, address.rfind(':'))};
}

}  // namespace

ClientJudgement judge_go_redis(const ClientForm& form) {
  const OptionValue* config = form.options.member("TLSConfig");
  if (config != nullptr && config->is(Kind::code) && !contains(config->text, "tls.Config"))
    return {unknown, "TLSConfig comes from code"};
  const bool has_config = config != nullptr && config->kind != Kind::null;
  if (!form.url || scheme_of_url(*form.url).empty()) {
    if (!has_config) return {plaintext, "TLSConfig is nil"};
    const OptionValue* address = form.options.member("Addr");
    const std::string host = address != nullptr && address->is(Kind::text)
                                 ? host_of_address(address->text)
                                 : std::string{};
    return judge_go_config(*config, host);
  }
  const std::string scheme = lower_ascii(scheme_of_url(*form.url));  // as url.Parse() does
  if (scheme == "unix") return {plaintext, "a Unix socket"};
  if (scheme != "redis" && scheme != "rediss")
    return {client_refuses_config, "the scheme is none of redis, rediss and unix"};
  const auto query = query_of_url(*form.url);
  const std::string* skip = query_value(query, "skip_verify");
  if (skip != nullptr && scheme == "redis" && !has_config)
    return {client_refuses_config, "skip_verify beside redis:// is an unexpected option"};
  if (skip != nullptr && *skip != "true" && *skip != "1" && *skip != "false" && *skip != "0" &&
      !skip->empty())
    return {client_refuses_config, "skip_verify is neither true nor false"};
  if (has_config) return judge_go_config(*config, host_of_url(*form.url));
  if (scheme == "redis") return {plaintext, "the URL is redis://"};
  if (skip != nullptr && (*skip == "true" || *skip == "1"))
    return {tls_unverified, "skip_verify is on"};
  return {tls_verified, "rediss:// verifies chain and name"};
}

ClientJudgement judge_stack_exchange(const ClientForm& form) {
  const std::string lower = lower_ascii(form.text);
  std::string_view text = lower;
  // ConnectionMultiplexer.Connect("..."), or the connection string itself.
  if (const std::size_t open = text.find("connect("); open != kNone) text.remove_prefix(open + 8);
  std::optional<bool> ssl;
  std::string ssl_host;
  std::string first_host;
  for (std::string_view part : split_balanced(text, ",;")) {
    part = trim(part);
    while (!part.empty() && (part.front() == '"' || part.front() == '\'')) part.remove_prefix(1);
    while (!part.empty() && (part.back() == '"' || part.back() == '\'' || part.back() == ')'))
      part.remove_suffix(1);
    const std::size_t equal = part.find('=');
    if (equal == kNone) {
      if (first_host.empty()) first_host = host_of_address(part);
      continue;
    }
    std::string_view name = trim(part.substr(0, equal));
    name = name.substr(name.find_last_of(". {") == kNone ? 0 : name.find_last_of(". {") + 1);
    std::string_view value = trim(part.substr(equal + 1));
    while (!value.empty() && (value.front() == '"' || value.back() == '}' || value.back() == ' ' ||
                              value.back() == '"')) {
      if (value.front() == '"')
        value.remove_prefix(1);
      else
        value.remove_suffix(1);
    }
    if (name == "ssl") {
      const bool on = value == "true" || value == "yes" || value == "on" || value == "1";
      const bool off = value == "false" || value == "no" || value == "off" || value == "0";
      if (!on && !off) return {client_refuses_config, "ssl is neither true nor false"};
      ssl = on;
    } else if (name == "sslhost") {
      ssl_host = std::string{value};
    }
  }
  if (lower.starts_with("redis://") || lower.starts_with("rediss://"))
    return {client_refuses_config, "a URL is no connection string"};
  if (!ssl.value_or(false)) return {plaintext, ssl ? "ssl=false" : "ssl is not set"};
  if (const std::size_t at = lower.find("certificatevalidation"); at != kNone) {
    const std::string_view rest = std::string_view{lower}.substr(at);
    const bool takes_all =
        contains(rest, "=> true") || contains(rest, "=>true") || contains(rest, "return true");
    return takes_all ? ClientJudgement{tls_unverified, "CertificateValidation answers true"}
                     : ClientJudgement{unknown, "CertificateValidation decides"};
  }
  if (contains(lower, "trustissuer("))
    return {tls_chain_only, "TrustIssuer checks the given issuer"};
  if (!ssl_host.empty() && !first_host.empty() && ssl_host != first_host)
    return {tls_verified_other_name, "sslHost is " + ssl_host};
  return {tls_verified, ".NET verifies chain and name"};
}

ClientJudgement judge_lettuce(const ClientForm& form) {
  const auto mode = [](std::string_view word) -> ClientJudgement {
    const std::string lower = lower_ascii(word.substr(word.rfind('.') + 1));
    if (lower == "none" || lower == "false") return {tls_unverified, "verifyPeer is NONE"};
    if (lower == "ca") return {tls_chain_only, "verifyPeer is CA"};
    if (lower == "full" || lower == "true") return {tls_verified, "verifyPeer is FULL"};
    return {client_refuses_config, "verifyPeer has no value that it knows"};
  };
  ClientJudgement level{tls_verified, "Lettuce verifies chain and name by default"};
  bool is_tls = false;
  if (form.url && !scheme_of_url(*form.url).empty()) {
    const std::string_view scheme = scheme_of_url(*form.url);
    constexpr std::array<std::string_view, 8> kSchemes{
        "redis",        "rediss",       "redis+ssl",      "redis+tls",
        "redis-socket", "redis+socket", "redis-sentinel", "rediss-sentinel"};
    if (std::ranges::find(kSchemes, scheme) == kSchemes.end())
      return {client_refuses_config, "the scheme is not supported"};
    is_tls = scheme.starts_with("rediss") || scheme == "redis+ssl" || scheme == "redis+tls";
    const auto query = query_of_url(*form.url);
    if (const std::string* peer = query_value(query, "verifyPeer")) level = mode(*peer);
  }
  if (const auto ssl = builder_argument(form.text, "withSsl")) is_tls = *ssl == "true";
  if (const auto ssl = builder_argument(form.text, "setSsl")) is_tls = *ssl == "true";
  for (const char* name : {"withVerifyPeer", "setVerifyPeer"})
    if (const auto peer = builder_argument(form.text, name)) level = mode(*peer);
  if (contains(form.text, "disablePeerVerification"))
    level = {tls_unverified, "disablePeerVerification()"};
  if (contains(form.text, "useSsl(")) is_tls = true;
  if (!is_tls) return {plaintext, "neither rediss:// nor withSsl(true)"};
  return level;
}

ClientJudgement judge_spring(const ClientForm& form) {
  const std::string lower = lower_ascii(form.text);
  if (form.url && lower_ascii(scheme_of_url(*form.url)) == "rediss")
    return {tls_verified, "rediss:// turns TLS on"};
  const auto enabled = [&](std::string_view key) {
    const std::size_t at = lower.find(key);
    if (at == kNone) return false;
    std::string_view rest = std::string_view{lower}.substr(at + key.size());
    while (!rest.empty() && (rest[0] == '=' || rest[0] == ':' || rest[0] == ' ' || rest[0] == '"'))
      rest.remove_prefix(1);
    return rest.starts_with("true") || rest.starts_with("on") || rest.starts_with("yes") ||
           rest.starts_with('1');
  };
  const auto named = [&](std::string_view key) { return contains(lower, key); };
  if (named("disablepeerverification")) return {tls_unverified, "disablePeerVerification()"};
  if (named("ssl.enabled=false") || named("ssl.enabled: false"))
    return {plaintext, "ssl.enabled is false"};
  for (const char* key : {"redis.ssl.enabled", "redis_ssl_enabled", "redis.ssl", "redis_ssl"})
    if (enabled(key)) return {tls_verified, "ssl.enabled turns TLS on, Lettuce verifies"};
  if (named("ssl.bundle") || named("ssl_bundle")) return {tls_verified, "an SSL bundle is named"};
  return {plaintext, "neither rediss:// nor ssl.enabled"};
}

ClientJudgement judge_jedis(const ClientForm& form) {
  bool is_tls = false;
  if (form.url && !scheme_of_url(*form.url).empty()) {
    const std::string_view scheme = scheme_of_url(*form.url);
    if (const auto url = parse_redis_url(*form.url);
        !url || url->hosts.empty() || url->hosts.front().host.empty() || !url->hosts.front().port)
      return {client_refuses_config, "Jedis wants a URL with host and port"};
    is_tls = scheme == "rediss";
  } else {
    // new Jedis("h", 6379, true)
    const std::vector<std::string_view> words = split_balanced(form.text, " ");
    const std::size_t open = form.text.find('(');
    if (open != kNone) {
      const std::string_view inside = std::string_view{form.text}.substr(open + 1);
      for (const std::string_view argument :
           split_balanced(inside.substr(0, balanced_length(inside, "")), ","))
        is_tls = is_tls || trim(argument) == "true";
    }
  }
  if (const auto ssl = builder_argument(form.text, "ssl")) is_tls = *ssl == "true";
  if (const OptionValue* ssl = form.options.member("ssl")) is_tls = ssl->is_true();
  if (!is_tls) return {plaintext, "neither rediss:// nor ssl(true)"};
  const std::string lower = lower_ascii(form.text);
  if (contains(lower, "trustall") || contains(lower, "insecuretrustmanager") ||
      contains(lower, "noopsslsocketfactory"))
    return {tls_unverified, "its socket factory trusts every certificate"};
  if (const auto verifier = builder_argument(form.text, "hostnameVerifier");
      verifier && *verifier != "null" && !contains(*verifier, "Noop") &&
      !contains(*verifier, "-> true"))
    return {tls_verified, "a HostnameVerifier is set"};
  if (contains(form.text, "setEndpointIdentificationAlgorithm(\"HTTPS\")") ||
      contains(form.text, "SslVerifyMode.FULL"))
    return {tls_verified, "the name is checked as for HTTPS"};
  return {tls_chain_only, "Java's sockets check no name unless they are told to"};
}

ClientJudgement judge_redis_cli(const ClientForm& form) {
  bool is_tls = false;
  bool insecure = false;
  std::vector<std::string> words;
  for (const std::string_view word : split_balanced(form.text, " \t\n"))
    if (!trim(word).empty()) words.emplace_back(trim(word));
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string_view word = words[i];
    if (word.size() >= 2 && (word[0] == '"' || word[0] == '\''))
      word = word.substr(1, word.size() - 2);
    if (word == "--tls") is_tls = true;
    if (word == "--insecure") insecure = true;
    if (word == "-u" && i + 1 < words.size()) {
      std::string_view url = words[i + 1];
      if (url.size() >= 2 && (url[0] == '"' || url[0] == '\'')) url = url.substr(1, url.size() - 2);
      const std::string scheme = lower_ascii(scheme_of_url(url));
      if (scheme != "redis" && scheme != "rediss")
        return {client_refuses_config, "the URI scheme is invalid"};
      is_tls = is_tls || scheme == "rediss";
    }
  }
  if (form.url && words.size() == 1) is_tls = lower_ascii(scheme_of_url(*form.url)) == "rediss";
  if (!is_tls) return {plaintext, "--tls is not given"};
  if (insecure) return {tls_unverified, "--insecure"};
  return {tls_chain_only, "redis-cli never checks the name"};
}

}  // namespace rta::files
