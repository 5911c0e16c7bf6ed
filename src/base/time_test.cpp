#include <doctest/doctest.h>
#include <redis_tls_audit/time.h>

using namespace rta;

TEST_CASE("instants come back as they went") {
  for (const char* text : {"2026-11-23T00:00:00Z", "1950-01-01T00:00:00Z", "2049-12-31T23:59:59Z",
                           "9999-12-31T23:59:59Z", "2024-02-29T12:30:00Z"})
    CHECK(to_rfc3339(*parse_timestamp(text)) == text);
}

TEST_CASE("offsets, fractions and plain dates are understood") {
  CHECK(to_rfc3339(*parse_timestamp("2026-11-23T01:00:00+01:00")) == "2026-11-23T00:00:00Z");
  CHECK(to_rfc3339(*parse_timestamp("2026-11-22T23:30:00.123-00:30")) == "2026-11-23T00:00:00Z");
  CHECK(to_rfc3339(*parse_timestamp("2026-11-23")) == "2026-11-23T00:00:00Z");
}

TEST_CASE("what is not a date is refused") {
  for (const char* text : {"", "2026", "2026-13-01", "2026-02-30", "2026-11-23T", "2026-11-23T25:00:00Z",
                           "2026-11-23T00:00:00", "2026-11-23T00:00:00Zx", "26-11-23", "2026-11-23T00:00:00.Z"})
    CHECK_FALSE_MESSAGE(parse_timestamp(text), text);
}

TEST_CASE("days are told from now") {
  const Timestamp now = *parse_timestamp("2026-11-23T12:00:00Z");
  CHECK(relative_days(*parse_timestamp("2026-11-26T12:00:00Z"), now) == "in 3 days");
  CHECK(relative_days(*parse_timestamp("2026-11-22T12:00:00Z"), now) == "1 day ago");
  CHECK(relative_days(now, now) == "today");
  CHECK(relative_days(now - std::chrono::hours{1}, now) == "today");
  CHECK(relative_days(now - std::chrono::hours{73}, now) == "3 days ago");
}
