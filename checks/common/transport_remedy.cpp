#include "checks/common/transport_remedy.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace rta::checks {
namespace {

// "redis:6379,ssl=false,password=***" of StackExchange.Redis.
std::string with_ssl(std::string_view connection) {
  std::string written;
  for (const std::string_view part : split(connection, ','))
    if (!lower_ascii(trim(part)).starts_with("ssl="))
      written += (written.empty() ? "" : ",") + std::string{part};
  return written + ",ssl=True";
}

// A URL decides over every switch; its user information stays as it is.
std::string remedy_for_url(const Setting& url) {
  const std::size_t mark = url.value.find("://");
  if (mark == std::string::npos)
    return lower_ascii(url.name).contains("connection")
               ? fmt::format("{}={}", url.name, with_ssl(url.value))
               : "";
  const std::string scheme = lower_ascii(url.value.substr(0, mark));
  const std::string behind = url.value.substr(mark);
  if (scheme == "redis" || scheme == "valkey" || scheme == "http")
    return fmt::format("{}={}s{}", url.name, scheme, behind);
  return scheme == "tcp" ? fmt::format("{}=tls{}", url.name, behind) : "";
}

bool is_spring_name(const std::string& name) {
  const std::string lower = lower_ascii(name);
  return lower.starts_with("spring_") || lower.starts_with("spring.");
}

bool is_spring(const Consumer& consumer) {
  return consumer.dialect == "spring" ||
         std::ranges::any_of(consumer.settings,
                             [](const Setting& one) { return is_spring_name(one.name); });
}

// In application.yml the property, in an environment the variable.
std::string remedy_for_spring(const SourceLocation& at) {
  const std::string file = lower_ascii(at.path.substr(at.path.rfind('/') + 1));
  const bool own_file = file.starts_with("application") || file.starts_with("bootstrap");
  if (own_file && file.ends_with(".properties")) return "spring.data.redis.ssl.enabled=true";
  if (own_file) return "spring.data.redis.ssl.enabled: true";
  return "SPRING_DATA_REDIS_SSL_ENABLED=true";
}

}  // namespace

std::string transport_remedy(const Consumer& consumer) {
  if (consumer.url && !consumer.url_is_tls.value_or(true)) return remedy_for_url(*consumer.url);
  const auto& given = consumer.tls_switch;
  const bool of_spring = given ? is_spring_name(given->name) : is_spring(consumer);
  if (of_spring && (!given || lower_ascii(given->name).contains("data")))
    return remedy_for_spring(given ? given->location : SourceLocation{});
  if (!given) return "";
  const bool is_scheme = lower_ascii(given->name).ends_with("scheme");
  return fmt::format("{}={}", given->name, is_scheme ? "tls" : "true");
}

}  // namespace rta::checks
