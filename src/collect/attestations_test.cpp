#include "collect/attestations.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <redis_tls_audit/check.h>

using namespace rta;

namespace {

std::string entry(const std::string& kind, const std::string& date, const std::string& expires,
                  const std::string& more = "") {
  return fmt::format(
      "[[attestation]]\nkind = \"{}\"\ntargets = [\"*\"]\nstatement = \"It is so\"\nby = \"Ada\"\n"
      "role = \"Officer\"\ndate = \"{}\"\nexpires = \"{}\"\n{}",
      kind, date, expires, more);
}

std::string problem(const std::string& toml) {
  const auto read = parse_attestations(toml, "a.toml");
  return read ? "fine" : read.error().text();
}

}  // namespace

TEST_CASE("every attestation that a check asks for can be copied and filled in") {
  int found = 0;
  for (const CheckEntry& entry : all_checks()) {
    std::string text{entry.check->info.remediation};
    if (!text.contains("[[attestation]]")) continue;
    ++found;
    const std::string date = "<YYYY-MM-DD>";
    for (std::size_t at = text.find(date); at != std::string::npos; at = text.find(date))
      text.replace(at, date.size(), "2026-11-23");
    CHECK(parse_attestations(text, "a.toml").has_value() == !text.contains("\"<"));
    std::erase(text, '<');
    std::erase(text, '>');
    const auto read = parse_attestations(text, "a.toml");
    CHECK_MESSAGE(read.has_value(), entry.name << ": " << (read ? "" : read.error().text()));
  }
  CHECK(found >= 5);
}

TEST_CASE("a statement holds from its date to the last second of its expiry") {
  const auto read = parse_attestations(entry("rotation", "2026-10-01", "2027-09-30",
                                             "[attestation.details]\nperiod_days = \"90\"\n"),
                                       "a.toml");
  REQUIRE(read);
  REQUIRE(read->size() == 1);
  CHECK(to_rfc3339(read->front().date) == "2026-10-01T00:00:00Z");
  CHECK(to_rfc3339(read->front().expires) == "2027-09-30T23:59:59Z");
  CHECK(read->front().details.at("period_days") == "90");
  CHECK(read->front().location.line == 1);
}

TEST_CASE("a statement for more than a year is refused, a review for more than 90 days too") {
  CHECK(problem(entry("rotation", "2026-01-01", "2027-01-01")) == "fine");
  CHECK(problem(entry("rotation", "2026-01-01", "2027-01-02"))
            .starts_with("a.toml:8:11: an attestation of rotation"));
  CHECK(problem(entry("audit-review", "2026-01-01", "2026-04-01")) == "fine");
  CHECK(problem(entry("audit-review", "2026-01-01", "2026-04-02")).starts_with("a.toml:8:11"));
  CHECK(problem(entry("rotation", "2026-01-02", "2026-01-01")) ==
        "a.toml:8:11: it expires before its date");
}

TEST_CASE("mistakes are told with place and likely word") {
  CHECK(problem(entry("rotatoin", "2026-01-01", "2026-02-01")) ==
        "a.toml:2:8: kind \"rotatoin\" is not known; did you mean \"rotation\"?");
  CHECK(problem(entry("rotation", "soon", "2026-02-01"))
            .starts_with("a.toml:7:8: date: \"soon\" is not a date"));
  CHECK(problem(entry("rotation", "2026-01-01", "2026-02-01", "expirse = \"x\"\n"))
            .find("did you mean \"expires\"?") != std::string::npos);
  CHECK(problem("[[attestation]]\nkind = \"rotation\"\n")
            .starts_with("a.toml:1:1: this attestation has no"));
  CHECK(problem("x = 1").starts_with("a.toml:1:5"));
  CHECK(problem("[[attestation]").starts_with("a.toml:1"));
}
