#include "files/redis_conf/redis_log.h"

#include <array>
#include <charconv>

#include "base/text.h"

namespace rta {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::string_view kFailure = "Error accepting a client connection: ";
constexpr std::string_view kReady = "Ready to accept connections";
constexpr std::size_t kReasons = 16;  // further ones are counted together
constexpr std::size_t kReasonLength = 80;

struct Line {
  std::string_view process;
  char role = 0;    // M, S, X: the server; C: a child that writes a snapshot
  Timestamp local;  // the server's wall clock, as if it were UTC
  std::string_view message;
};

template <class Number>
bool take_number(std::string_view text, Number& out) {
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), out);
  return problem == std::errc{} && end == text.data() + text.size();
}

std::optional<unsigned> month_of(std::string_view name) {
  constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  for (unsigned i = 0; i < kMonths.size(); ++i)
    if (kMonths[i] == name) return i + 1;
  return std::nullopt;
}

// "17:57:34.123"
std::optional<seconds> time_of_day(std::string_view text) {
  if (text.size() < 8 || text[2] != ':' || text[5] != ':') return std::nullopt;
  int hour = 0, minute = 0, second = 0;
  if (!take_number(text.substr(0, 2), hour) || !take_number(text.substr(3, 2), minute) ||
      !take_number(text.substr(6, 2), second))
    return std::nullopt;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
    return std::nullopt;
  return seconds{hour * 3600 + minute * 60 + second};
}

// The word up to the next blank; `rest` continues behind it.
std::string_view take_word(std::string_view& rest) {
  const std::size_t end = rest.find(' ');
  const std::string_view word = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  return word;
}

std::optional<Line> read_line(std::string_view text) {
  Line line;
  const std::string_view who = take_word(text);
  const std::size_t colon = who.find(':');
  if (colon == std::string_view::npos || colon + 2 != who.size()) return std::nullopt;
  line.process = who.substr(0, colon);
  line.role = who[colon + 1];
  unsigned process = 0, day = 0;
  int year = 0;
  if (!take_number(line.process, process)) return std::nullopt;
  const bool has_day = take_number(take_word(text), day);
  const std::optional<unsigned> month = month_of(take_word(text));
  const bool has_year = take_number(take_word(text), year);
  const std::optional<seconds> time = time_of_day(take_word(text));
  if (!has_day || !month || !has_year || !time) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{*month},
                                         std::chrono::day{day}};
  if (!date.ok() || year < 2009 || year > 9999) return std::nullopt;
  line.local = std::chrono::sys_days{date} + *time;
  take_word(text);  // the level's mark
  line.message = text;
  return line;
}

// How far the server's wall clock is ahead of UTC: the newest line was written
// when the file was. Zones lie on quarters of an hour; anything else means
// that the file was touched by somebody else, and the clock is taken for UTC.
seconds zone_of(Timestamp newest_local, Timestamp modified) {
  constexpr minutes kFarthest{14 * 60};
  constexpr seconds kSlack{3};
  const auto ahead = newest_local - modified;
  const auto quarters = std::chrono::round<minutes>(ahead).count();
  const minutes zone{(quarters + (quarters < 0 ? -7 : 7)) / 15 * 15};
  const auto off = ahead - zone;
  return off <= kSlack && off >= -kSlack && zone <= kFarthest && zone >= -kFarthest ? zone
                                                                                    : seconds{0};
}

// "error:0A00010B:SSL routines::wrong version number (conn: fd=8)": the last
// part, without the peer's address that newer versions add.
std::string reason_of(std::string_view message) {
  std::string_view reason = message.substr(kFailure.size());
  reason = trim(reason.substr(0, reason.find(" (")));
  reason = trim(reason.substr(reason.rfind(':') + 1));  // npos + 1: from the start
  return reason.empty() || reason.starts_with('(') ? "no reason told"
                                                   : printable(reason, kReasonLength);
}

void count_failure(ServerLog& log, const std::string& reason) {
  const bool known = log.handshake_failures.contains(reason);
  ++log.handshake_failures[known || log.handshake_failures.size() < kReasons ? reason
                                                                             : "other reasons"];
}

}  // namespace

void read_redis_log(std::string_view text, const RedisLogWindow& window, ServerLog& log) {
  std::vector<Line> lines;
  for (const std::string_view raw : split(text, '\n'))
    if (const std::optional<Line> line = read_line(trim(raw))) lines.push_back(*line);
  log.lines = lines.size();
  if (lines.empty()) return;
  const seconds zone = zone_of(lines.back().local, window.modified);
  log.oldest = lines.front().local - zone;
  log.newest = lines.back().local - zone;
  for (const Line& line : lines) {
    if (line.role != 'C') log.process_id = std::string{line.process};
    if (line.message.starts_with(kReady)) {
      log.process_started = line.local - zone;
      log.handshake_failures.clear();
    }
    if (line.message.starts_with(kFailure) && line.local - zone < window.before)
      count_failure(log, reason_of(line.message));
  }
}

}  // namespace rta
