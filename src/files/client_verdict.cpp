// What each client verifies. The rules are the clients' own, observed with
// ioredis 6.0.0 and node-redis 6.3.1 on Node 20, redis-py 4.3.4, kombu 5.2.4
// and celery 5.2.6 on Python 3.11; those of go-redis v9, redis-py 6,
// StackExchange.Redis and redis-cli are read in their sources.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "files/client_library.h"
#include "files/redis_url.h"

namespace rta::files {
namespace {

using enum ClientVerdict;
constexpr std::size_t kNone = std::string_view::npos;

// Form is a URL, options in the client's notation, or both.
struct Form {
  std::string url;     // empty: options only
  std::string scheme;  // as written
  std::map<std::string, std::string> query;
  std::string options;  // without blanks

  [[nodiscard]] bool has(std::string_view text) const { return options.find(text) != kNone; }
  // The value after "name:" or "name=", to the next ',', '}' or ')' outside
  // brackets and quotes; absent when the name is not there.
  [[nodiscard]] std::optional<std::string> option(std::string_view name) const;
};

std::optional<std::string> Form::option(std::string_view name) const {
  for (std::size_t at = options.find(name); at != kNone; at = options.find(name, at + 1)) {
    const char before = at == 0 ? ' ' : options[at - 1];
    std::size_t sign = at + name.size();
    const auto is_word = [](char c) {
      return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    };
    if (is_word(before)) continue;
    if (sign < options.size() && (options[sign] == '"' || options[sign] == '\'')) ++sign;
    if (sign >= options.size() || (options[sign] != ':' && options[sign] != '=')) continue;
    std::size_t end = sign + 1;
    int depth = 0;
    char quote = '\0';
    for (; end < options.size(); ++end) {
      const char c = options[end];
      if (quote != '\0') {
        if (c == quote) quote = '\0';
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '{' || c == '(' || c == '[') {
        ++depth;
      } else if ((c == '}' || c == ')' || c == ']') && depth-- == 0) {
        break;
      } else if (c == ',' && depth == 0) {
        break;
      }
    }
    return options.substr(sign + 1, end - sign - 1);
  }
  return std::nullopt;
}

Form take_apart(std::string_view text) {
  Form form;
  std::string rest{text};
  if (const std::size_t mark = rest.find("://"); mark != kNone) {
    std::size_t begin = mark;
    const auto is_scheme = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '+' || c == '-' || c == '.';
    };
    while (begin > 0 && is_scheme(rest[begin - 1])) --begin;
    const std::size_t end = std::min(rest.find_first_of(" \t\n'\"`,)", mark), rest.size());
    form.url = rest.substr(begin, end - begin);
    form.scheme = rest.substr(begin, mark - begin);
    rest.erase(begin, end - begin);
    if (const std::size_t question = form.url.find('?'); question != kNone) {
      const Result<RedisUrl> parsed = parse_redis_url("redis://h" + form.url.substr(question));
      if (parsed) form.query = parsed->query;
    }
  }
  std::erase_if(rest, [](char c) { return c == ' ' || c == '\t' || c == '\n'; });
  form.options = rest;
  return form;
}

bool is_quoted(std::string_view value) {
  return value.starts_with('\'') || value.starts_with('"') || value.starts_with('`');
}
bool is_empty_quote(std::string_view value) {
  return value == "''" || value == "\"\"" || value == "``";
}
std::string unquoted(std::string_view value) {
  return std::string{is_quoted(value) && value.size() >= 2 ? value.substr(1, value.size() - 2)
                                                           : value};
}

bool javascript_truthy(std::string_view value) {
  return !(value == "false" || value == "undefined" || value == "null" || value == "0" ||
           value == "NaN" || value.empty() || is_empty_quote(value));
}

// Node's own part: only the boolean false, and exactly "0", turn it off.
ClientVerdict node_verification(const Form& form,
                                const std::map<std::string, std::string>& environment) {
  const auto kill = environment.find("NODE_TLS_REJECT_UNAUTHORIZED");
  const std::optional<std::string> reject = form.option("rejectUnauthorized");
  if (reject == "false") return tls_unverified;
  if (!reject && kill != environment.end() && kill->second == "0") return tls_unverified;
  if (form.option("checkServerIdentity")) return tls_chain_only;
  if (const auto name = form.option("servername"); name && !is_empty_quote(*name))
    return tls_verified_other_name;
  return tls_verified;
}

ClientVerdict ioredis(const Form& form, const std::map<std::string, std::string>& environment) {
  const auto query = form.query.find("tls");
  const std::optional<std::string> tls = form.option("tls");
  const bool on = form.scheme == "rediss" ||
                  (query != form.query.end() && !query->second.empty()) ||
                  (tls && javascript_truthy(*tls));
  return on ? node_verification(form, environment) : plaintext;
}

ClientVerdict node_redis(const Form& form, const std::map<std::string, std::string>& environment) {
  const std::optional<std::string> socket = form.option("socket");
  Form inside = form;
  inside.options = socket.value_or("");
  const bool asks = inside.option("tls") == "true";
  const std::string scheme = lower_ascii(form.scheme);
  if (scheme == "redis" && asks) return client_refuses_config;
  if (scheme != "rediss" && !asks) return plaintext;
  return node_verification(inside, environment);
}

bool python_truthy(std::string_view value) {
  return !(value == "False" || value == "None" || value == "0" || is_empty_quote(value));
}
// redis-py's to_bool for URL arguments.
bool url_truthy(std::string_view value) {
  const std::string lower = lower_ascii(value);
  return !(lower.empty() || lower == "0" || lower == "f" || lower == "false" || lower == "n" ||
           lower == "no");
}

enum class Requirement { none, chain, unset, invalid };

// "none", ssl.CERT_NONE, None; "required", "optional"; names depend on the place.
Requirement requirement(std::string_view value, bool in_url) {
  if (!in_url && value.ends_with("CERT_NONE")) return Requirement::none;
  if (!in_url && value == "None") return Requirement::none;
  if (!in_url && (value.ends_with("CERT_REQUIRED") || value.ends_with("CERT_OPTIONAL")))
    return Requirement::chain;
  const std::string text = unquoted(value);
  if (text == "none") return Requirement::none;
  if (text == "required" || text == "optional") return Requirement::chain;
  return Requirement::invalid;
}

ClientVerdict python_level(Requirement wanted, std::optional<bool> check_name, bool since_6) {
  if (wanted == Requirement::invalid) return client_refuses_config;
  if (wanted == Requirement::none)
    return check_name == true && !since_6 ? client_refuses_config : tls_unverified;
  return check_name.value_or(since_6) ? tls_verified : tls_chain_only;
}

ClientVerdict redis_py(const Form& form, std::string_view version) {
  const bool since_6 = !version.empty() && compare_versions(version, "6.0") >= 0;
  Requirement wanted = Requirement::unset;
  std::optional<bool> check_name;
  if (const auto reqs = form.option("ssl_cert_reqs")) wanted = requirement(*reqs, false);
  if (const auto check = form.option("ssl_check_hostname")) check_name = python_truthy(*check);
  if (form.url.empty()) {
    const std::optional<std::string> ssl = form.option("ssl");
    if (!ssl || !python_truthy(*ssl)) return plaintext;
    return python_level(wanted, check_name, since_6);
  }
  if (form.scheme != "redis" && form.scheme != "rediss" && form.scheme != "unix")
    return client_refuses_config;
  const bool names_ssl = std::ranges::any_of(
      form.query, [](const auto& entry) { return entry.first.starts_with("ssl"); });
  if (form.query.contains("ssl") || (form.scheme != "rediss" && names_ssl))
    return client_refuses_config;
  if (form.scheme != "rediss") return plaintext;
  if (const auto reqs = form.query.find("ssl_cert_reqs"); reqs != form.query.end())
    wanted = requirement(reqs->second, true);
  if (const auto check = form.query.find("ssl_check_hostname"); check != form.query.end())
    check_name = url_truthy(check->second);
  return python_level(wanted, check_name, since_6);
}

// kombu and Celery take both spellings, also in URLs.
Requirement celery_requirement(std::string_view value) {
  const std::string text = unquoted(value);
  if (text == "none" || text.ends_with("CERT_NONE") || text == "None") return Requirement::none;
  if (text == "required" || text == "optional" || text.ends_with("CERT_REQUIRED") ||
      text.ends_with("CERT_OPTIONAL"))
    return Requirement::chain;
  return Requirement::invalid;
}

std::optional<bool> celery_checks_name(const Form& form) {
  if (const auto check = form.option("ssl_check_hostname")) return python_truthy(*check);
  if (const auto check = form.query.find("ssl_check_hostname"); check != form.query.end())
    return url_truthy(check->second);
  return std::nullopt;
}

std::optional<Requirement> celery_wants(const Form& form) {
  if (const auto reqs = form.query.find("ssl_cert_reqs"); reqs != form.query.end())
    return celery_requirement(reqs->second);
  if (const auto reqs = form.option("ssl_cert_reqs")) return celery_requirement(*reqs);
  return std::nullopt;
}

ClientVerdict kombu(const Form& form) {
  const bool is_tls = lower_ascii(form.scheme) == "rediss";
  const std::optional<std::string> use_ssl = form.option("broker_use_ssl");
  const bool with_options = use_ssl && use_ssl->starts_with('{');
  if (!is_tls && !with_options) return plaintext;  // broker_use_ssl=True has no effect
  const std::optional<Requirement> wanted = celery_wants(form);
  // A plain rediss:// accepts any certificate.
  if (!wanted) return with_options ? tls_chain_only : tls_unverified;
  return python_level(*wanted, celery_checks_name(form).value_or(false), false);
}

ClientVerdict celery(const Form& form) {
  const bool is_tls = lower_ascii(form.scheme) == "rediss";
  if (form.option("broker_use_ssl")) return kombu(form);
  const bool with_options = form.option("redis_backend_use_ssl").has_value();
  if (!is_tls) return with_options ? client_refuses_config : plaintext;
  const std::optional<Requirement> wanted = celery_wants(form);
  if (!wanted) return client_refuses_config;
  return python_level(*wanted, celery_checks_name(form).value_or(false), false);
}

ClientVerdict go_redis(const Form& form) {
  const auto skip = form.query.find("skip_verify");
  const bool configured = form.option("TLSConfig") && form.option("TLSConfig") != "nil";
  if (form.scheme != "rediss" && !configured) return plaintext;
  if (form.option("InsecureSkipVerify") == "true") return tls_unverified;
  if (skip != form.query.end() && (skip->second == "true" || skip->second == "1"))
    return tls_unverified;
  if (const auto name = form.option("ServerName"); name && !is_empty_quote(*name))
    return tls_verified_other_name;
  return tls_verified;
}

ClientVerdict redis_cli(const Form& form) {
  if (!form.has("--tls") && form.scheme != "rediss") return plaintext;
  return form.has("--insecure") ? tls_unverified : tls_chain_only;
}

ClientVerdict stack_exchange(const Form& form) {
  const std::string options = lower_ascii(form.options);
  if (options.find("ssl=true") == kNone) return plaintext;
  return options.find("certificatevalidation+=") != kNone ? tls_unverified : tls_verified;
}

}  // namespace

ClientVerdict judge_client(std::string_view client, std::string_view version, std::string_view text,
                           const std::map<std::string, std::string>& environment) {
  const Form form = take_apart(text);
  const std::string name = lower_ascii(client);
  if (name == "ioredis" || name == "bullmq" || name == "bull") return ioredis(form, environment);
  if (name == "node-redis") return node_redis(form, environment);
  if (name == "redis-py" || name == "rq") return redis_py(form, version);
  if (name == "kombu") return kombu(form);
  if (name == "celery") return celery(form);
  if (name == "go-redis") return go_redis(form);
  if (name == "redis-cli") return redis_cli(form);
  if (name == "stackexchange.redis") return stack_exchange(form);
  return unknown;
}

VerificationLevel level_of(ClientVerdict verdict) {
  switch (verdict) {
    case plaintext:
      return VerificationLevel::plaintext;
    case tls_unverified:
      return VerificationLevel::tls_unverified;
    case tls_chain_only:
      return VerificationLevel::tls_chain_only;
    case tls_verified:
    case tls_verified_other_name:
      return VerificationLevel::tls_verified;
    case unknown:
    case client_refuses_config:
      break;
  }
  return VerificationLevel::unknown;
}

}  // namespace rta::files
