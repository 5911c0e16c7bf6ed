// redis-py, and kombu and Celery, which stand on it.
#include <algorithm>
#include <array>
#include <map>

#include "base/text.h"
#include "files/clients/client_rules.h"
#include "files/clients/redis_url.h"

namespace rta::files {
namespace {

using enum ClientVerdict;
using Kind = OptionValue::Kind;

OptionValue text_value(std::string text) {
  OptionValue value;
  value.kind = Kind::text;
  value.text = std::move(text);
  return value;
}

// ssl_cert_reqs, as redis-py's SSLConnection takes it.
enum class Requirement { required_by_default, chain, none, invalid, from_code };

std::optional<Requirement> constant(std::string_view name) {
  name = name.substr(name.rfind('.') + 1);
  if (name == "CERT_NONE") return Requirement::none;
  if (name == "CERT_REQUIRED" || name == "CERT_OPTIONAL") return Requirement::chain;
  return std::nullopt;
}
Requirement lower_word(std::string_view word) {
  if (word == "none") return Requirement::none;
  if (word == "required" || word == "optional") return Requirement::chain;
  return Requirement::invalid;
}
Requirement number(std::string_view text) {
  if (text == "0") return Requirement::none;
  return text == "1" || text == "2" ? Requirement::chain : Requirement::invalid;
}

// Words and constants; None means CERT_NONE.
Requirement requirement_of(const OptionValue* value) {
  if (value == nullptr) return Requirement::required_by_default;
  switch (value->kind) {
    case Kind::null:
      return Requirement::none;
    case Kind::text:
      return lower_word(value->text);
    case Kind::code:
      // A bare word is what people write who quote nothing.
      if (const auto known = constant(value->text)) return *known;
      return lower_word(value->text) == Requirement::invalid ? Requirement::from_code
                                                             : lower_word(value->text);
    case Kind::number:
      return number(value->text);
    case Kind::boolean:  // an int in Python
      return value->truth ? Requirement::chain : Requirement::none;
    default:
      return Requirement::invalid;
  }
}

// kombu's URLs and Celery's result backend also know the constants' names.
Requirement word_or_constant(std::string_view word) {
  if (word.starts_with("CERT_"))
    if (const auto known = constant(word)) return *known;
  return lower_word(word);
}

struct NameCheck {
  std::optional<bool> wanted;  // absent: the default
  bool from_code = false;
};

NameCheck name_check_of(const OptionValue* value) {
  if (value == nullptr) return {};
  const std::optional<bool> truth = python_truth(*value);
  return {truth, !truth.has_value()};
}

// redis-py's to_bool() for URL parameters: what it does not know is true.
bool to_bool(std::string_view value) {
  const std::string lower = lower_ascii(value);
  return !(lower.empty() || lower == "0" || lower == "f" || lower == "false" || lower == "n" ||
           lower == "no");
}

// SSLConnection's own part.
ClientJudgement judge_connection(Requirement wanted, NameCheck check,
                                 std::string_view redis_py_version) {
  // A version that nobody told counts as an old one.
  const bool since_6 = !redis_py_version.empty() && is_since(redis_py_version, "6.0");
  switch (wanted) {
    case Requirement::invalid:
      return {client_refuses_config, "ssl_cert_reqs has no value that it knows"};
    case Requirement::from_code:
      return {ClientVerdict::unknown, "ssl_cert_reqs comes from code"};
    case Requirement::none:
      if (check.from_code) return {ClientVerdict::unknown, "ssl_check_hostname comes from code"};
      if (check.wanted == true && !since_6)
        return {client_refuses_config, "ssl_check_hostname needs ssl_cert_reqs=required"};
      return {tls_unverified, "ssl_cert_reqs is none"};
    case Requirement::chain:
    case Requirement::required_by_default:
      break;
  }
  if (check.from_code) return {ClientVerdict::unknown, "ssl_check_hostname comes from code"};
  if (!check.wanted)
    return since_6 ? ClientJudgement{tls_verified, "redis-py checks chain and name by default"}
                   : ClientJudgement{tls_chain_only,
                                     "ssl_check_hostname is False by default before redis-py 6.0"};
  return *check.wanted ? ClientJudgement{tls_verified, "ssl_check_hostname is on"}
                       : ClientJudgement{tls_chain_only, "ssl_check_hostname is off"};
}

// Keyword arguments that a connection takes; another one is a TypeError.
constexpr std::array<std::string_view, 34> kConnectionArguments{"host",
                                                                "port",
                                                                "db",
                                                                "username",
                                                                "password",
                                                                "socket_timeout",
                                                                "socket_connect_timeout",
                                                                "socket_keepalive",
                                                                "socket_keepalive_options",
                                                                "socket_type",
                                                                "retry_on_timeout",
                                                                "retry_on_error",
                                                                "encoding",
                                                                "encoding_errors",
                                                                "decode_responses",
                                                                "parser_class",
                                                                "socket_read_size",
                                                                "health_check_interval",
                                                                "client_name",
                                                                "retry",
                                                                "redis_connect_func",
                                                                "credential_provider",
                                                                "max_connections",
                                                                "connection_class",
                                                                "timeout",
                                                                "queue_class",
                                                                "protocol",
                                                                "command_packer",
                                                                "lib_name",
                                                                "lib_version",
                                                                "virtual_host",
                                                                "path",
                                                                "event_dispatcher",
                                                                "legacy_responses"};
constexpr std::array<std::string_view, 16> kTlsArguments{"ssl_keyfile",
                                                         "ssl_certfile",
                                                         "ssl_cert_reqs",
                                                         "ssl_ca_certs",
                                                         "ssl_ca_data",
                                                         "ssl_check_hostname",
                                                         "ssl_ca_path",
                                                         "ssl_password",
                                                         "ssl_validate_ocsp",
                                                         "ssl_validate_ocsp_stapled",
                                                         "ssl_ocsp_context",
                                                         "ssl_ocsp_expected_cert",
                                                         "ssl_min_version",
                                                         "ssl_ciphers",
                                                         "ssl_include_verify_flags",
                                                         "ssl_exclude_verify_flags"};

bool is_in(const auto& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}
bool is_tls_argument(std::string_view name) { return is_in(kTlsArguments, name); }

// Redis.from_url(): parameters of the URL win over keyword arguments.
ClientJudgement judge_from_url(const ClientForm& form, std::string_view version) {
  const std::string scheme{scheme_of_url(*form.url)};
  const std::string lower = lower_ascii(scheme);
  // Since 5.0 the scheme is compared as written.
  const bool known = lower == "redis" || lower == "rediss" || lower == "unix";
  if (!known || (scheme != lower && is_since(version, "4.4")))
    return {client_refuses_config, "the scheme is none of redis, rediss and unix"};
  if (const auto url = parse_redis_url(*form.url); !url)
    return {client_refuses_config, url.error().text()};
  OptionValue arguments = form.options;
  const auto query = query_of_url(*form.url);
  for (std::size_t i = query.size(); i-- > 0;) {  // of equal parameters, the first counts
    const auto& [name, value] = query[i];
    if (value.empty()) continue;  // parse_qs() drops them
    OptionValue argument = text_value(value);
    if (name == "ssl_check_hostname") {
      argument.kind = Kind::boolean;
      argument.truth = to_bool(value);
    }
    arguments.members.emplace_back(name, std::move(argument));
  }
  const bool is_tls = lower == "rediss";
  for (const auto& [name, value] : arguments.members) {
    const bool takes = is_in(kConnectionArguments, name) || (is_tls && is_tls_argument(name));
    if (!takes && !(name == "url" || name == "client"))
      return {client_refuses_config, "it takes no argument " + printable(name, 40) +
                                         (is_tls ? "" : " for a URL that is not rediss://")};
  }
  if (!is_tls) return {plaintext, "the URL is " + lower + "://"};
  return judge_connection(requirement_of(arguments.member("ssl_cert_reqs")),
                          name_check_of(arguments.member("ssl_check_hostname")), version);
}

// Of kombu: a dictionary goes to SSLConnection, anything else is ignored.
ClientJudgement judge_ssl_dictionary(const OptionValue& dictionary, std::string_view driver) {
  for (const auto& [name, value] : dictionary.members)
    if (!is_tls_argument(name))
      return {client_refuses_config, "redis-py takes no argument " + printable(name, 40)};
  return judge_connection(requirement_of(dictionary.member("ssl_cert_reqs")),
                          name_check_of(dictionary.member("ssl_check_hostname")), driver);
}

bool from_code(Requirement wanted) { return wanted == Requirement::from_code; }

// What may stand in Celery's URL, in a dictionary, or nowhere (which it refuses).
ClientJudgement judge_backend_requirement(const OptionValue* value, NameCheck check,
                                          std::string_view driver) {
  if (value == nullptr || value->is(Kind::null))
    return {client_refuses_config, "Celery's result backend wants ssl_cert_reqs beside rediss://"};
  Requirement wanted = requirement_of(value);
  if (value->is(Kind::text)) wanted = word_or_constant(value->text);
  if (from_code(wanted)) return {ClientVerdict::unknown, "ssl_cert_reqs comes from code"};
  return judge_connection(wanted, check, driver);
}

}  // namespace

ClientJudgement judge_redis_py(const ClientForm& form, std::string_view version) {
  if (form.url) return judge_from_url(form, version);
  for (const auto& [name, value] : form.options.members) {
    constexpr std::array<std::string_view, 9> kOfTheClient{
        "ssl",         "connection_pool",          "unix_socket_path",           "charset",
        "errors",      "single_connection_client", "auto_close_connection_pool", "cache",
        "cache_config"};
    const bool takes =
        is_in(kOfTheClient, name) || is_in(kConnectionArguments, name) || is_tls_argument(name);
    if (!takes) return {client_refuses_config, "Redis() takes no argument " + printable(name, 40)};
  }
  const OptionValue* ssl = form.options.member("ssl");
  const std::optional<bool> on = ssl == nullptr ? false : python_truth(*ssl);
  if (!on) return {ClientVerdict::unknown, "ssl comes from code: " + printable(ssl->text, 60)};
  if (!*on)
    return {plaintext, ssl == nullptr ? "ssl is not set" : "ssl is " + printable(ssl->text, 20)};
  return judge_connection(requirement_of(form.options.member("ssl_cert_reqs")),
                          name_check_of(form.options.member("ssl_check_hostname")), version);
}

ClientJudgement judge_kombu(const ClientForm& form, std::string_view driver) {
  const std::string scheme = form.url ? lower_ascii(scheme_of_url(*form.url)) : "redis";
  if (scheme != "redis" && scheme != "rediss")
    return {ClientVerdict::unknown, "the transport is not Redis"};
  // Parameters of the URL whose names begin with ssl_ make a dictionary of
  // their own, whatever the scheme; their values are texts.
  OptionValue in_url;
  in_url.kind = Kind::object;
  std::map<std::string, std::string> query;  // the last of equal parameters counts
  for (auto& [name, value] : query_of_url(form.url.value_or("")))
    if (!value.empty()) query[name] = value;
  for (const auto& [name, value] : query) {
    if (!name.starts_with("ssl_"))
      return {client_refuses_config, "kombu takes no parameter " + printable(name, 40)};
    if (name == "ssl_cert_reqs") {
      const Requirement wanted = word_or_constant(value);
      if (wanted == Requirement::invalid)
        return {client_refuses_config, "ssl_cert_reqs has no value that kombu knows"};
      in_url.members.emplace_back(name,
                                  text_value(wanted == Requirement::none ? "none" : "required"));
    } else {
      in_url.members.emplace_back(name, text_value(value));
    }
  }
  if (!in_url.members.empty()) return judge_ssl_dictionary(in_url, driver);
  const OptionValue* use_ssl = form.options.member("broker_use_ssl");
  for (const char* other : {"BROKER_USE_SSL", "ssl", "CELERY_BROKER_USE_SSL"})
    if (use_ssl == nullptr) use_ssl = form.options.member(other);
  const std::optional<bool> on = use_ssl == nullptr ? false : python_truth(*use_ssl);
  if (!on) return {ClientVerdict::unknown, "broker_use_ssl comes from code"};
  if (!*on)
    return scheme == "rediss"
               ? ClientJudgement{tls_unverified,
                                 "rediss:// without ssl_cert_reqs accepts any certificate"}
               : ClientJudgement{plaintext, "the URL is redis://"};
  if (use_ssl->is(Kind::object)) return judge_ssl_dictionary(*use_ssl, driver);
  if (use_ssl->is(Kind::boolean) || use_ssl->is(Kind::number))
    return {plaintext, "broker_use_ssl is no dictionary, which turns TLS off even for rediss://"};
  return {client_refuses_config, "broker_use_ssl is no dictionary"};
}

ClientJudgement judge_celery(const ClientForm& form, std::string_view driver) {
  const OptionValue* use_ssl = form.options.member("redis_backend_use_ssl");
  for (const char* other : {"CELERY_REDIS_BACKEND_USE_SSL", "REDIS_BACKEND_USE_SSL"})
    if (use_ssl == nullptr) use_ssl = form.options.member(other);
  const bool names_broker = form.options.member("broker_use_ssl") != nullptr;
  if (names_broker && use_ssl == nullptr && form.options.member("result_backend") == nullptr &&
      form.options.member("backend") == nullptr)
    return judge_kombu(form, driver);
  const std::string scheme{form.url ? scheme_of_url(*form.url) : "redis"};
  if (scheme != "redis" && scheme != "rediss")
    return {
        lower_ascii(scheme).starts_with("redis") ? client_refuses_config : ClientVerdict::unknown,
        "no result backend of that name"};
  const std::optional<bool> on = use_ssl == nullptr ? false : python_truth(*use_ssl);
  if (!on) return {ClientVerdict::unknown, "redis_backend_use_ssl comes from code"};
  OptionValue arguments;
  arguments.kind = Kind::object;
  if (*on && !use_ssl->is(Kind::object))
    return {client_refuses_config, "redis_backend_use_ssl is no dictionary"};
  if (*on) arguments = *use_ssl;
  for (const auto& [name, value] : query_of_url(form.url.value_or(""))) {
    if (value.empty()) continue;
    OptionValue argument = text_value(value);
    if (name == "ssl_check_hostname") {
      argument.kind = Kind::boolean;
      argument.truth = to_bool(value);
    }
    arguments.members.emplace_back(name, std::move(argument));
  }
  if (form.url && scheme == "redis") {
    for (const char* name : {"ssl_ca_certs", "ssl_certfile", "ssl_keyfile", "ssl_cert_reqs"})
      if (arguments.member(name) != nullptr)
        return {client_refuses_config, "Celery refuses ssl_ settings beside redis://"};
  }
  const bool is_tls = scheme == "rediss" || *on;
  for (const auto& [name, value] : arguments.members)
    if (!is_in(kConnectionArguments, name) && !(is_tls && is_tls_argument(name)))
      return {client_refuses_config, "redis-py takes no argument " + printable(name, 40)};
  if (!is_tls) return {plaintext, "the URL is redis://"};
  return judge_backend_requirement(arguments.member("ssl_cert_reqs"),
                                   name_check_of(arguments.member("ssl_check_hostname")), driver);
}

}  // namespace rta::files
