#include "files/clients/redis_url.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"

namespace rta::files {
namespace {

constexpr std::array<std::string_view, 15> kSchemes{
    "redis",           "rediss",        "valkey",         "valkeys",         "unix",
    "redis+unix",      "redis-socket",  "redis+sentinel", "rediss+sentinel", "redis-sentinel",
    "rediss-sentinel", "redis+cluster", "rediss+cluster", "redis+socket",    "rediscache"};

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

Result<UrlHost> parse_host(std::string_view text) {
  UrlHost host;
  std::string_view port;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) return Error{"an IPv6 address without ']'", {}, {}};
    host.host = std::string{text.substr(1, close - 1)};
    port = text.substr(close + 1);
  } else {
    const std::size_t colon = text.find(':');
    host.host = percent_decoded(text.substr(0, colon));
    port = colon == std::string_view::npos ? std::string_view{} : text.substr(colon);
  }
  if (port.empty() || port == ":") return host;
  host.port = port.front() == ':' ? parse_port(port.substr(1)) : std::nullopt;
  if (!host.port) return Error{"the port is not a number from 1 to 65535", {}, {}};
  return host;
}

void parse_query(std::string_view text, RedisUrl& url) {
  if (text.empty()) return;
  for (const std::string_view pair : split(text, '&')) {
    const std::size_t equal = pair.find('=');
    std::string value =
        equal == std::string_view::npos ? "" : percent_decoded(pair.substr(equal + 1));
    url.query[percent_decoded(pair.substr(0, equal))] = std::move(value);
  }
}

void parse_user_information(std::string_view text, RedisUrl& url) {
  const std::size_t colon = text.find(':');
  url.username = percent_decoded(text.substr(0, colon));
  if (colon != std::string_view::npos) url.password = percent_decoded(text.substr(colon + 1));
}

void take_option(const std::string& name, std::string_view value, RedisUrl& url) {
  if (name == "ssl")
    url.is_tls = lower_ascii(value) == "true";
  else if (name == "password")
    url.password = std::string{value};
  else if (name == "user")
    url.username = std::string{value};
  else
    url.query[name] = std::string{value};
}

bool names_a_secret(std::string_view key) {
  const std::string lower = lower_ascii(key);
  return lower.find("pass") != std::string::npos || lower.find("token") != std::string::npos ||
         lower.find("secret") != std::string::npos || lower.find("auth") != std::string::npos;
}

}  // namespace

Result<RedisUrl> parse_redis_url(std::string_view text) {
  RedisUrl url;
  text = trim(text);
  const std::size_t mark = text.find("://");
  if (mark != std::string_view::npos) {
    url.scheme = std::string{text.substr(0, mark)};
    text.remove_prefix(mark + 3);
  } else if (text.starts_with("//")) {
    text.remove_prefix(2);
  }
  const std::string scheme = lower_ascii(url.scheme);
  if (!scheme.empty() && std::ranges::find(kSchemes, scheme) == kSchemes.end())
    return Error{"not a Redis URL: scheme " + printable(scheme, 40), {}, "use rediss://"};
  url.is_tls = scheme.starts_with("rediss") || scheme == "valkeys";
  url.is_unix = scheme == "unix" || scheme == "redis+unix" || scheme.ends_with("socket");

  // RFC 3986 3.2: the authority ends at the first '/', '?' or '#'.
  const std::size_t end = std::min(text.find_first_of("/?#"), text.size());
  std::string_view authority = text.substr(0, end);
  std::string_view rest = text.substr(end);
  rest = rest.substr(0, rest.find('#'));
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    parse_user_information(authority.substr(0, at), url);
    authority.remove_prefix(at + 1);
  }
  const std::size_t question = rest.find('?');
  url.path = std::string{rest.substr(0, question)};
  if (question != std::string_view::npos) parse_query(rest.substr(question + 1), url);
  if (url.is_unix) return url;
  for (const std::string_view part : split(authority, ',')) {
    // "redis:6380,ssl=true,password=x": a connection string of .NET.
    if (const std::size_t equals = part.find('='); url.scheme.empty() && equals != part.npos) {
      take_option(lower_ascii(trim(part.substr(0, equals))), trim(part.substr(equals + 1)), url);
      continue;
    }
    Result<UrlHost> host = parse_host(part);
    if (!host) return std::move(host).error();
    url.hosts.push_back(std::move(*host));
  }
  return url;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const int high = text[at] == '%' && at + 2 < text.size() ? hex_digit(text[at + 1]) : -1;
    const int low = high >= 0 ? hex_digit(text[at + 2]) : -1;
    if (low < 0) {
      out.push_back(text[at]);
    } else {
      out.push_back(static_cast<char>(high * 16 + low));
      at += 2;
    }
  }
  return out;
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                            (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
    if (unreserved) {
      out.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out.push_back('%');
    out.push_back(kDigits[byte >> 4U]);
    out.push_back(kDigits[byte & 0xFU]);
  }
  return out;
}

// "redis:6380,password=x,ssl=true"
static std::optional<TextRange> password_option(std::string_view text) {
  constexpr std::string_view kOption = ",password=";
  const std::size_t at = lower_ascii(text).find(kOption);
  if (at == std::string_view::npos) return std::nullopt;
  const std::size_t begin = at + kOption.size();
  return TextRange{begin, std::min(text.find(',', begin), text.size()) - begin};
}

std::optional<TextRange> password_in_url(std::string_view text) {
  const std::size_t mark = text.find("://");
  if (mark == std::string_view::npos) return password_option(text);
  const std::size_t at = text.rfind('@');
  const std::size_t colon = text.find(':', mark + 3);
  if (at == std::string_view::npos || colon == std::string_view::npos || colon >= at)
    return std::nullopt;
  return TextRange{colon + 1, at - colon - 1};
}

std::string mask_url(std::string_view text) {
  const auto option = text.contains("://") ? std::nullopt : password_option(text);
  if (option && option->size > 0)
    return std::string{text.substr(0, option->begin)} + "***" +
           std::string{text.substr(option->begin + option->size)};
  const std::size_t mark = text.find("://");
  const std::size_t begin = mark == std::string_view::npos ? 0 : mark + 3;
  std::string out{text.substr(0, begin)};
  std::string_view rest = text.substr(begin);
  // The last '@', wherever it stands: a password may hold '/', '?' and '#'.
  const std::size_t at = rest.rfind('@');
  if (at != std::string_view::npos) {
    out += "***@";
    rest.remove_prefix(at + 1);
  } else if (const std::size_t colon = rest.find(':'); colon != std::string_view::npos) {
    // "redis://:secret" without host: what follows the colon is no port.
    const std::string_view after =
        rest.substr(colon + 1, rest.find_first_of("/?,", colon) - colon - 1);
    const bool is_port = !after.empty() && parse_port(after).has_value();
    if (!is_port && !rest.starts_with('[') && !after.empty()) return out + "***";
  }
  const std::size_t question = rest.find('?');
  out += rest.substr(0, question);
  if (question == std::string_view::npos) return out;
  char separator = '?';
  for (const std::string_view pair : split(rest.substr(question + 1), '&')) {
    const std::size_t equal = pair.find('=');
    out.push_back(separator);
    const bool hide = equal != std::string_view::npos && names_a_secret(pair.substr(0, equal));
    out += hide ? std::string{pair.substr(0, equal)} + "=***" : std::string{pair};
    separator = '&';
  }
  return out;
}

}  // namespace rta::files
