// Timestamp is an instant in UTC with a resolution of one second; durations
// are std::chrono's. Text form is RFC 3339 with "Z". Pure; any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace rta {

using Timestamp = std::chrono::sys_seconds;

std::string to_rfc3339(Timestamp instant);                        // 2026-11-23T00:00:00Z
std::string to_date(Timestamp instant);                           // 2026-11-23
// Accepts a full RFC 3339 instant (any offset) or a date, which means its
// first second. Nothing else, no trailing text.
std::optional<Timestamp> parse_timestamp(std::string_view text);

// "3 days ago", "in 41 days": for people.
std::string relative_days(Timestamp instant, Timestamp now);

}  // namespace rta
