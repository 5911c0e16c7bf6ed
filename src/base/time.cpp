#include <fmt/format.h>
#include <redis_tls_audit/time.h>

#include <charconv>

namespace rta {
namespace {

// Reads exactly `width` digits and moves past them.
std::optional<int> digits(std::string_view& text, std::size_t width) {
  if (text.size() < width) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(0, width)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(width);
  return value;
}

bool skip(std::string_view& text, char wanted) {
  if (text.empty() || text.front() != wanted) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<std::chrono::seconds> parse_offset(std::string_view& text) {
  if (skip(text, 'Z') || skip(text, 'z')) return std::chrono::seconds{0};
  const bool east = skip(text, '+');
  if (!east && !skip(text, '-')) return std::nullopt;
  const auto hours = digits(text, 2);
  if (!hours || !skip(text, ':')) return std::nullopt;
  const auto minutes = digits(text, 2);
  if (!minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  const std::chrono::seconds span = std::chrono::hours{*hours} + std::chrono::minutes{*minutes};
  return east ? span : -span;
}

}  // namespace

std::string to_rfc3339(Timestamp instant) {
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::hh_mm_ss time{instant - day};
  return fmt::format("{}T{:02}:{:02}:{:02}Z", to_date(instant), time.hours().count(),
                     time.minutes().count(), time.seconds().count());
}

std::string to_date(Timestamp instant) {
  const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(instant)};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::optional<Timestamp> parse_timestamp(std::string_view text) {
  const auto year = digits(text, 4);
  if (!year || !skip(text, '-')) return std::nullopt;
  const auto month = digits(text, 2);
  if (!month || !skip(text, '-')) return std::nullopt;
  const auto day = digits(text, 2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  const Timestamp midnight = std::chrono::sys_days{date};
  if (text.empty()) return midnight;

  if (!skip(text, 'T') && !skip(text, 't') && !skip(text, ' ')) return std::nullopt;
  const auto hour = digits(text, 2);
  if (!hour || !skip(text, ':')) return std::nullopt;
  const auto minute = digits(text, 2);
  if (!minute || !skip(text, ':')) return std::nullopt;
  const auto second = digits(text, 2);
  // RFC 3339 5.6 allows the leap second :60; it counts as the next one.
  if (!second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  if (skip(text, '.')) {
    if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') text.remove_prefix(1);
  }
  const auto offset = parse_offset(text);
  if (!offset || !text.empty()) return std::nullopt;
  return midnight + std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
         std::chrono::seconds{*second} - *offset;
}

std::string relative_days(Timestamp instant, Timestamp now) {
  // By the calendar: what ended an hour ago ended today.
  const auto days = (std::chrono::floor<std::chrono::days>(instant) -
                     std::chrono::floor<std::chrono::days>(now))
                        .count();
  if (days == 0) return "today";
  const auto count = days < 0 ? -days : days;
  const std::string span = fmt::format("{} day{}", count, count == 1 ? "" : "s");
  return days < 0 ? span + " ago" : "in " + span;
}

}  // namespace rta
