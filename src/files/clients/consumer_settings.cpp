#include "files/clients/consumer_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"
#include "files/clients/redis_url.h"
#include "files/clients/redis_variables.h"

namespace rta::files {
namespace {

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool is_secret(std::string_view name, std::string_view value = {}) {
  return meaning_of_setting(name, value) == VariableMeaning::password;
}

std::string shown(std::string_view name, std::string_view value) {
  if (is_secret(name, value)) return "(a secret)";
  return value.empty() ? "(empty)" : printable(mask_url(value), 200);
}

// "barREDIS_TLS_ENABLED=true": the variable whose assignment was glued on.
std::string glued_assignment(std::string_view value) {
  for (const std::string& name : known_variables()) {
    if (!names_redis(name)) continue;
    const std::size_t at = value.find(name + "=");
    if (at != std::string_view::npos && at > 0 && value[at - 1] != '_') return name;
  }
  return {};
}

Setting to_setting(const ReceivedVariable& variable, const DescribeSecret& describe) {
  Setting setting;
  setting.name = variable.name;
  setting.location = variable.location;
  setting.overridden = variable.overridden;
  setting.other_dialects = variable.other_dialects;
  setting.glued = glued_assignment(variable.value);
  const auto meaning = meaning_of_setting(variable.name, variable.value);
  if (!meaning) return setting;  // kept for `glued` alone
  if (*meaning == VariableMeaning::password) {
    setting.is_secret = true;
    if (!variable.value.empty()) setting.secret = describe(variable.value);
    return setting;
  }
  setting.value = printable(mask_url(variable.value));
  // Bytes that a reader of the report could not see.
  if (variable.value != trim(variable.value) || printable(variable.value) != variable.value)
    setting.raw = fmt::format("\"{}\"", printable(mask_url(variable.value)));
  if (*meaning != VariableMeaning::url) return setting;
  const Result<RedisUrl> url = parse_redis_url(variable.value);
  if (url && url->password && !url->password->empty()) {
    setting.is_secret = true;
    setting.secret = describe(*url->password);
  }
  return setting;
}

NamedFile to_named_file(const Setting& setting, const ReceivedVariable& variable, FileUse use,
                        const Consumer& consumer) {
  NamedFile file;
  file.declared = file.path = std::string{trim(variable.value)};
  file.reference = {use, setting.location, consumer.key};
  file.placeholder = looks_like_placeholder_path(file.declared);
  return file;
}

// The first alias that is set decides, except that an empty one does not.
template <class T>
bool is_free(const std::optional<T>& slot) {
  return !slot.has_value();
}
bool is_free(const std::optional<Setting>& slot) {
  return !slot || (slot->value.empty() && !slot->is_secret);
}

// Of several URLs the weakest one speaks for the consumer: one connection in
// plaintext is one too many. What is no Redis' comes last.
int weakness_of_url(std::string_view text) {
  const Result<RedisUrl> url = parse_redis_url(text);
  if (text.empty() || !url) return 0;
  const std::string scheme = lower_ascii(url->scheme);
  const bool of_redis = scheme.empty() || contains(scheme, "redis") || contains(scheme, "valkey") ||
                        scheme == "unix" || contains(scheme, "sentinel");
  if (!of_redis) return 1;
  return url->is_tls || url->is_unix ? 2 : 3;
}

// "redis", "redis:6380", "tls://redis", and the first of a list of them.
void apply_address(const ReceivedVariable& variable, const Setting& setting, Consumer& consumer) {
  std::string_view text = trim(variable.value);
  text = text.substr(0, text.find_first_of(",; "));
  if (const std::size_t mark = text.find("://"); mark != std::string_view::npos) {
    // phpredis: the scheme of the transport stands before the host's name.
    const std::string scheme = lower_ascii(text.substr(0, mark));
    if (!consumer.url) {
      consumer.url = setting;
      consumer.url_is_tls = scheme == "tls" || scheme == "ssl";
    }
    text.remove_prefix(mark + 3);
  }
  if (text.empty() || !consumer.host_defaulted) return;
  const bool is_v6 = text.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos &&
                     std::ranges::count(text, ':') > 1;
  const Result<RedisUrl> parsed = parse_redis_url(text);
  const bool usable =
      !is_v6 && parsed && !parsed->hosts.empty() && !parsed->hosts.front().host.empty();
  consumer.host = usable  ? printable(parsed->hosts.front().host, 255)
                  : is_v6 ? std::string{text}
                          : std::string{trim(setting.value)};
  consumer.host_defaulted = false;
  if (usable && parsed->hosts.front().port && consumer.port_defaulted) {
    consumer.port = *parsed->hosts.front().port;
    consumer.port_defaulted = false;
  }
}

// Redis' commands over HTTP: the port is that of the URL.
void apply_rest_url(const Setting& setting, Consumer& consumer) {
  const std::string_view text = trim(setting.value);
  const bool https = lower_ascii(text.substr(0, 8)) == "https://";
  if (!https && lower_ascii(text.substr(0, 7)) != "http://") return;
  const std::string_view rest = text.substr(https ? 8 : 7);
  const std::string_view host = rest.substr(0, rest.find_first_of(":/?#"));
  if (host.empty() || !is_free(consumer.url)) return;
  consumer.url = setting;
  consumer.url_is_tls = https;
  if (!consumer.host_defaulted) return;
  consumer.host = printable(host, 255);
  consumer.host_defaulted = false;
  if (!consumer.port_defaulted) return;
  const Result<RedisUrl> parsed = parse_redis_url(rest.substr(0, rest.find_first_of("/?#")));
  const bool told = parsed && !parsed->hosts.empty() && parsed->hosts.front().port;
  consumer.port = told ? *parsed->hosts.front().port : https ? 443 : 80;
  consumer.port_defaulted = false;
}

void apply(const ReceivedVariable& variable, const Setting& setting, Consumer& consumer) {
  switch (*meaning_of_setting(variable.name, variable.value)) {
    case VariableMeaning::tls_switch:
      if (is_free(consumer.tls_switch)) consumer.tls_switch = setting;
      break;
    case VariableMeaning::url:
      if (is_free(consumer.url) ||
          weakness_of_url(consumer.url->value) < weakness_of_url(variable.value))
        consumer.url = setting;
      break;
    case VariableMeaning::ca:
      if (is_free(consumer.ca) && !variable.value.empty())
        consumer.ca = to_named_file(setting, variable, FileUse::consumer_ca, consumer);
      break;
    case VariableMeaning::certificate:
      if (is_free(consumer.certificate) && !variable.value.empty())
        consumer.certificate =
            to_named_file(setting, variable, FileUse::consumer_certificate, consumer);
      break;
    case VariableMeaning::key:
      if (is_free(consumer.key_file) && !variable.value.empty())
        consumer.key_file = to_named_file(setting, variable, FileUse::consumer_key, consumer);
      break;
    case VariableMeaning::verify:
      if (is_free(consumer.verify)) consumer.verify = setting;
      break;
    case VariableMeaning::node_env:
      if (is_free(consumer.node_env)) consumer.node_env = setting;
      break;
    case VariableMeaning::host:
    case VariableMeaning::address:
      apply_address(variable, setting, consumer);
      break;
    case VariableMeaning::rest_url:
      apply_rest_url(setting, consumer);
      break;
    case VariableMeaning::port: {
      const std::string text{trim(variable.value)};
      std::uint16_t port = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
      const bool valid = error == std::errc{} && end == text.data() + text.size() && port != 0;
      if (valid && consumer.port_defaulted) {
        consumer.port = port;
        consumer.port_defaulted = false;
      }
      break;
    }
    case VariableMeaning::username:
      if (is_free(consumer.username)) consumer.username = setting;
      break;
    case VariableMeaning::password:
      if (is_free(consumer.password)) consumer.password = setting;
      break;
    case VariableMeaning::skip_verify:
    case VariableMeaning::node_kill_switch:
    case VariableMeaning::other_redis:
      break;
  }
}

// What a URL says beats the single variables, as it does in the clients.
void apply_url(const std::vector<ReceivedVariable>& variables, Consumer& consumer) {
  if (!consumer.url) return;
  const auto source = std::ranges::find(variables, consumer.url->name, &ReceivedVariable::name);
  if (source == variables.end() || source->value.empty()) return;
  const Result<RedisUrl> url = parse_redis_url(source->value);
  if (!url) return;
  if (!url->is_unix) consumer.url_is_tls = url->is_tls;
  if (!url->hosts.empty() && !url->hosts.front().host.empty()) {
    consumer.host = printable(url->hosts.front().host, 255);
    consumer.host_defaulted = false;
    consumer.port = url->hosts.front().port.value_or(6379);
    consumer.port_defaulted = !url->hosts.front().port.has_value();
  }
  if (!url->username.empty() && !consumer.username) {
    Setting user = *consumer.url;
    user.value = printable(url->username, 100);
    user.is_secret = false;
    user.secret = {};
    consumer.username = std::move(user);
  }
  if (url->password && !url->password->empty()) {
    Setting password = *consumer.url;
    password.value.clear();
    consumer.password = std::move(password);
  }
}

// "REDIS_PASSWORD_FILE": the value is a path.
bool names_a_file(std::string_view name) { return name.ends_with("_FILE"); }

}  // namespace

std::vector<ReceivedVariable> received_variables(const DotenvFile& file) {
  std::vector<ReceivedVariable> variables;
  for (const DotenvEntry& entry : file.entries) {
    const auto same = std::ranges::find(variables, entry.key, &ReceivedVariable::name);
    if (same != variables.end()) {
      const std::string place =
          fmt::format("{}: {}", same->location.text(), shown(entry.key, same->value));
      std::vector<std::string> overridden = std::move(same->overridden);
      if (same->value != entry.value.value_or("")) overridden.push_back(place);
      variables.erase(same);
      variables.push_back(
          {entry.key, entry.value.value_or(""), entry.location, std::move(overridden), {}});
    } else {
      variables.push_back({entry.key, entry.value.value_or(""), entry.location, {}, {}});
    }
  }
  std::erase_if(variables, [&](const ReceivedVariable& variable) {
    const auto found = file.values.find(variable.name);
    return found == file.values.end() || !found->second;
  });
  return variables;
}

void note_other_dialects(std::vector<ReceivedVariable>& variables,
                         const std::vector<DotenvFile>& others) {
  for (ReceivedVariable& variable : variables) {
    if (!meaning_of_setting(variable.name, variable.value)) continue;
    for (const DotenvFile& other : others) {
      const std::string_view dialect = name_of(other.dialect);
      if (other.refused) {
        variable.other_dialects.push_back(fmt::format("{}: the file is refused", dialect));
        continue;
      }
      const auto found = other.values.find(variable.name);
      if (found == other.values.end() || !found->second)
        variable.other_dialects.push_back(fmt::format("{}: unset", dialect));
      else if (*found->second != variable.value)
        variable.other_dialects.push_back(fmt::format(
            "{}: {}", dialect,
            is_secret(variable.name) ? "another secret" : shown(variable.name, *found->second)));
    }
  }
}

void interpret_settings(const std::vector<ReceivedVariable>& variables,
                        const DescribeSecret& describe, Consumer& consumer) {
  for (const ReceivedVariable& variable : variables) {
    Setting setting = to_setting(variable, describe);
    if (!meaning_of_setting(variable.name, variable.value)) {
      // Kept for their names: a misspelt switch switches nothing.
      if (!setting.glued.empty() || look_alike_of(variable.name))
        consumer.settings.push_back(std::move(setting));
      continue;
    }
    apply(variable, setting, consumer);
    consumer.settings.push_back(std::move(setting));
  }
  apply_url(variables, consumer);
  consumer.endpoint = fmt::format("{}:{}", consumer.host, consumer.port);
}

bool is_redis_consumer(const std::vector<ReceivedVariable>& variables) {
  return std::ranges::any_of(variables, [](const ReceivedVariable& variable) {
    if (names_redis(variable.name) || !glued_assignment(variable.value).empty()) return true;
    if (meaning_of_setting(variable.name, variable.value) != VariableMeaning::url) return false;
    const Result<RedisUrl> url = parse_redis_url(variable.value);
    return url && !url->scheme.empty();
  });
}

std::string hide_secret(std::string_view name, std::string_view value,
                        const DescribeSecret& describe) {
  if (value.empty()) return {};
  if (const auto range = password_in_url(value); range && range->size > 0) {
    const std::string_view written = value.substr(range->begin, range->size);
    const std::string password =
        contains(value, "://") ? percent_decoded(written) : std::string{written};
    return fmt::format("{}{}{}", value.substr(0, range->begin), describe(password).ordinal,
                       value.substr(range->begin + range->size));
  }
  const bool by_name =
      std::ranges::any_of(std::array{"PASS", "SECRET", "TOKEN", "CREDENTIAL", "PRIVATE", "API_KEY"},
                          [&](std::string_view part) { return contains(name, part); });
  if (is_secret(name) || (by_name && !contains(value, "/") && !names_a_file(name)))
    return describe(value).ordinal;
  return std::string{value};
}

std::string reveal_secret(std::string_view hidden, const FindSecret& find) {
  constexpr std::string_view kPrefix = "secret#";
  if (hidden.starts_with(kPrefix)) return find(std::string{hidden}).value_or("");
  const auto range = password_in_url(hidden);
  if (!range) return std::string{hidden};
  const std::string_view ordinal = hidden.substr(range->begin, range->size);
  if (!ordinal.starts_with(kPrefix)) return std::string{hidden};
  std::string password = find(std::string{ordinal}).value_or("");
  if (contains(hidden, "://")) password = percent_encoded(password);
  return fmt::format("{}{}{}", hidden.substr(0, range->begin), password,
                     hidden.substr(range->begin + range->size));
}

ConsumerRole role_of(std::string_view name) {
  const std::string lower = lower_ascii(name);
  if (contains(lower, "backend")) return ConsumerRole::backend;
  if (contains(lower, "worker")) return ConsumerRole::worker;
  return ConsumerRole::other;
}

ConsumerRole usual_role_of(std::string_view name) {
  constexpr std::array kBackends{"api", "app", "server", "web"};
  constexpr std::array kWorkers{"celery", "sidekiq", "queue", "jobs", "consumer", "beat", "bull"};
  std::string words = lower_ascii(name);
  for (char& c : words)
    if (c == '_' || c == '.' || c == '/') c = '-';
  for (const std::string_view word : split(words, '-')) {
    if (std::ranges::find(kBackends, word) != kBackends.end()) return ConsumerRole::backend;
    if (std::ranges::find(kWorkers, word) != kWorkers.end()) return ConsumerRole::worker;
  }
  return ConsumerRole::other;
}

EnvFileName classify_env_file(std::string_view path) {
  const std::string name = lower_ascii(path.substr(path.rfind('/') + 1));
  EnvFileName kind;
  kind.is_env_file = name == ".env" || name.starts_with(".env.") || name.ends_with(".env");
  const auto has = [&](std::string_view word) { return contains(name, word); };
  kind.is_template = std::ranges::any_of(
      std::array{".example", ".sample", ".template", ".dist", ".tmpl", "example.", "sample."}, has);
  kind.is_for_tests =
      std::ranges::any_of(std::array{".test", ".dev", ".ci", "test.env", "dev.env"}, has);
  return kind;
}

Truth truth_of(std::string_view value) {
  if (value == "true") return Truth::on;
  const std::string lower = lower_ascii(value);
  return std::ranges::any_of(std::array{"true", "1", "yes", "on"},
                             [&](std::string_view word) { return lower == word; })
             ? Truth::maybe_on
             : Truth::off;
}

Truth truth_of_switch(std::string_view name, std::string_view value) {
  // Spring switches TLS on where a bundle of certificates is named.
  if (name.ends_with("_SSL_BUNDLE")) return trim(value).empty() ? Truth::off : Truth::on;
  if (!name.ends_with("_SCHEME")) return truth_of(value);
  const std::string lower = lower_ascii(trim(value));
  return lower == "tls" || lower == "rediss" || lower == "ssl" ? Truth::on : Truth::off;
}

}  // namespace rta::files
