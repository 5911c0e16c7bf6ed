#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <random>

#include "base/text.h"
#include "reports/json/utf8.h"
#include "reports/writer.h"
#include "tests/support/sample_report.h"

namespace rta::testing {
namespace {

using nlohmann::json;

TEST_CASE("the JSON report carries the verdict, the thirteen rows and every finding") {
  const auto sample = guide_report();
  const json report = json::parse(write_json(sample->report));
  CHECK(report["schema"] == "redis-tls-audit/report");
  CHECK(report["gate"]["exit_code"] == 1);
  CHECK(report["gate"]["result_line"] == sample->report.result_line());
  CHECK(report["checklist"].size() == 13);
  CHECK(report["checklist"][12]["item"] == "S");
  CHECK(report["findings"].size() == sample->report.findings.size());
  CHECK(report["run"]["profile"]["name"] == "hipaa");
  CHECK(report["run"]["profile"]["digest"] == sample->policy.digest);
  for (const json& target : report["targets"])
    if (target["tls"].contains("versions")) CHECK(target["tls"]["derived_attacks"].is_array());
}

TEST_CASE("every finding that a row names is in the report") {
  for (const auto& [name, sample] : all_samples()) {
    const json report = json::parse(write_json(sample->report));
    std::set<std::string> ids;
    for (const json& finding : report["findings"]) ids.insert(finding["id"].get<std::string>());
    for (const json& row : report["checklist"])
      for (const json& id : row["findings"]) CHECK(ids.contains(id.get<std::string>()));
  }
}

TEST_CASE("the same report gives the same bytes") {
  const auto sample = guide_report();
  CHECK(write_json(sample->report) == write_json(sample->report));
}

TEST_CASE("a hostile text comes back as it was, and its bytes are inert") {
  const auto sample = hostile_report();
  const std::string written = write_json(sample->report);
  for (const char c : written) REQUIRE((c == '\n' || (c >= 0x20 && c < 0x7F)));
  const json report = json::parse(written);
  CHECK(report["scope"]["project"] == reports::valid_utf8(kHostileText));
  CHECK(report["findings"][0]["observed"] == reports::valid_utf8(kHostileText));
}

TEST_CASE("any bytes become valid UTF-8, and valid UTF-8 stays as it is") {
  std::mt19937 random{4711};
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (std::size_t i = random() % 24; i > 0; --i) text += static_cast<char>(random() % 256);
    INFO(to_hex(as_bytes(text)));
    const std::string valid = reports::valid_utf8(text);
    CHECK(json::parse(json(valid).dump()) == valid);  // dump() throws on bad UTF-8
    CHECK(reports::valid_utf8(valid) == valid);
    const std::string escaped = json(valid).dump(-1, ' ', true);
    CHECK(json::parse(escaped) == valid);
  }
}

}  // namespace
}  // namespace rta::testing
