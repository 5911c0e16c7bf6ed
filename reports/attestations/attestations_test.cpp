#include <doctest/doctest.h>

#include "base/text.h"
#include "collect/attestations.h"
#include "reports/writer.h"
#include "tests/support/sample_report.h"

namespace rta::testing {
namespace {

std::string filled_in(std::string toml) {
  const auto replace = [&](std::string_view what, std::string_view with) {
    for (std::size_t at = toml.find(what); at != std::string::npos; at = toml.find(what, at))
      toml.replace(at, what.size(), with);
  };
  replace("date = \"<YYYY-MM-DD>\"", "date = \"2026-11-01\"");
  replace("expires = \"<YYYY-MM-DD>\"", "expires = \"2026-12-01\"");
  replace("\"<", "\"it is so: ");
  replace(">\"", "\"");
  return toml;
}

TEST_CASE("what a report waits for can be filled in and is then read") {
  const auto sample = guide_report();
  const std::string toml = write_attestations(sample->report);
  INFO(toml);
  const auto read = parse_attestations(filled_in(toml), "attestations.toml");
  REQUIRE_MESSAGE(read, (read ? "" : read.error().text()));
  std::vector<std::string> kinds;
  for (const Attestation& one : *read) kinds.push_back(one.kind);
  for (const std::string_view kind :
       {"audit-logging", "audit-review", "expiry-monitoring", "rotation", "tls-monitoring"})
    CHECK_MESSAGE(std::ranges::count(kinds, kind) == 1, kind);
}

TEST_CASE("a file that nobody has filled in is refused, at the first placeholder") {
  const auto read =
      parse_attestations(write_attestations(guide_report()->report), "attestations.toml");
  REQUIRE_FALSE(read);
  CHECK(read.error().text().find("still to be filled in") != std::string::npos);
}

TEST_CASE("each placeholder by itself is refused") {
  const std::string toml = filled_in(write_attestations(guide_report()->report));
  for (const std::string_view line : split(toml, '\n')) {
    const std::size_t quote = line.find(" = \"");
    if (quote == std::string_view::npos || line.starts_with("kind")) continue;
    std::string broken = toml;
    const std::string with = std::string{line.substr(0, quote)} + " = \"<fill me in>\"";
    broken.replace(broken.find(line), line.size(), with);
    CHECK_MESSAGE(!parse_attestations(broken, "a.toml"), line);
  }
}

TEST_CASE("a report that waits for nobody says so, and nothing from outside leaves a comment") {
  CHECK(write_attestations(hardened_report()->report).find("[[attestation]]") ==
        std::string::npos);
  const std::string toml = write_attestations(hostile_report()->report);
  for (const char c : toml) REQUIRE((c == '\n' || static_cast<unsigned char>(c) >= 0x20));
  const auto read = parse_attestations(filled_in(toml), "attestations.toml");
  CHECK_MESSAGE(read, (read ? "" : read.error().text()));
}

}  // namespace
}  // namespace rta::testing
