// How often a schedule fires: systemd.time(7) calendars and crontab(5) fields.
#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"
#include "files/artefacts/artefacts.h"

namespace rta::files {
namespace {

struct NamedPeriod {
  std::string_view name;
  int days;
};
constexpr std::array kNamed{NamedPeriod{"minutely", 1},   NamedPeriod{"hourly", 1},
                            NamedPeriod{"daily", 1},      NamedPeriod{"midnight", 1},
                            NamedPeriod{"weekly", 7},     NamedPeriod{"monthly", 31},
                            NamedPeriod{"quarterly", 92}, NamedPeriod{"semiannually", 184},
                            NamedPeriod{"yearly", 366},   NamedPeriod{"annually", 366}};

std::optional<int> named_period(std::string_view name) {
  const auto found = std::ranges::find(kNamed, name, &NamedPeriod::name);
  return found == kNamed.end() ? std::nullopt : std::optional{found->days};
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!(text = trim(text)).empty()) {
    const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
    words.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return words;
}

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool is_any(std::string_view field) { return field == "*" || field == "?"; }

// The longest gap that a day-of-week field leaves: "1,4" fires twice a week,
// at most four days apart. Ranges and steps fire at least as often as "*"/7.
int weekday_gap(std::string_view field) {
  std::vector<int> days;
  for (const std::string_view part : split(field, ',')) {
    const auto day = number(part);
    if (!day) return 7;  // names, ranges and steps: at least once a week
    days.push_back(*day % 7);
  }
  std::ranges::sort(days);
  int longest = days.front() + 7 - days.back();
  for (std::size_t i = 1; i < days.size(); ++i) longest = std::max(longest, days[i] - days[i - 1]);
  return longest == 0 ? 7 : longest;
}

int month_day_gap(std::string_view field) {
  if (const std::size_t slash = field.find('/'); slash != std::string_view::npos)
    if (const auto step = number(field.substr(slash + 1)); step && *step > 0)
      return std::min(31, *step + 3);
  const auto count = static_cast<int>(split(field, ',').size());
  return count > 1 ? 31 / count + 15 : 31;
}

int month_gap(std::string_view field) {
  if (const std::size_t slash = field.find('/'); slash != std::string_view::npos)
    if (const auto step = number(field.substr(slash + 1)); step && *step > 0) return *step * 31;
  const auto count = static_cast<int>(split(field, ',').size());
  return count > 1 ? 366 / count + 31 : 366;
}

}  // namespace

std::optional<int> period_of_cron(std::string_view text) {
  const std::vector<std::string_view> fields = words_of(text);
  if (fields.empty()) return std::nullopt;
  if (fields[0].starts_with('@')) return named_period(fields[0].substr(1));
  if (fields.size() < 5) return std::nullopt;
  const std::string_view month_day = fields[2], month = fields[3], weekday = fields[4];
  if (!is_any(month)) return month_gap(month);
  // crontab(5): with both day fields set, either of them fires.
  if (!is_any(weekday) && !is_any(month_day))
    return std::min(weekday_gap(weekday), month_day_gap(month_day));
  if (!is_any(weekday)) return weekday_gap(weekday);
  if (!is_any(month_day)) return month_day_gap(month_day);
  return 1;
}

std::optional<int> period_of_calendar(std::string_view text) {
  const std::string calendar = lower_ascii(trim(text));
  if (const auto named = named_period(calendar)) return named;
  const std::vector<std::string_view> words = words_of(calendar);
  if (words.empty()) return std::nullopt;
  constexpr std::array<std::string_view, 7> kDays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  if (std::ranges::any_of(kDays, [&](std::string_view day) { return words[0].starts_with(day); }))
    return 7;
  // "*-*-* 03:00:00", "*-*-01", "*-01,07-01", "03:00".
  const std::vector<std::string_view> date = split(words[0], '-');
  if (date.size() == 1 && words[0].find(':') != std::string_view::npos) return 1;
  if (date.size() < 2) return std::nullopt;
  const std::string_view day = date.back(), month = date[date.size() - 2];
  if (!is_any(month)) return month_gap(month);
  return is_any(day) ? 1 : month_day_gap(day);
}

}  // namespace rta::files
