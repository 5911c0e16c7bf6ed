#include <doctest/doctest.h>

#include <random>

#include "base/text.h"
#include "reports/text/page.h"
#include "reports/writer.h"
#include "tests/support/sample_report.h"

namespace rta::testing {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (const std::string_view line : split(text, '\n')) lines.emplace_back(line);
  if (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

TEST_CASE("the terminal report ends with the RESULT line") {
  for (const auto& [name, sample] : all_samples())
    CHECK(lines_of(write_text(sample->report)).back() == sample->report.result_line());
}

TEST_CASE("the terminal report names the verdict, every row and every failing check") {
  const auto sample = guide_report();
  const std::string text = write_text(sample->report, {.width = 0});
  CHECK(text.find(sample->report.gate.sentence) != std::string::npos);
  for (const ChecklistRow& row : sample->report.checklist) {
    CHECK(text.find(row.title) != std::string::npos);
    CHECK(text.find(row.sentence) != std::string::npos);
  }
  for (const Finding& finding : sample->report.findings)
    if (finding.status == Status::fail) CHECK(text.find(finding.message) != std::string::npos);
  CHECK(text.find("redis.conf:22:1") != std::string::npos);
}

TEST_CASE("three thousand users without a password are told in twenty lines, and counted") {
  const auto sample = guide_report();
  const auto failing =
      std::ranges::find(sample->report.findings, Status::fail, &Finding::status);
  REQUIRE(failing != sample->report.findings.end());
  const Finding one = *failing;
  const std::size_t before = lines_of(write_text(sample->report)).size();
  for (int i = 0; i < 3000; ++i) {
    sample->report.findings.push_back(one);
    sample->report.findings.back().remediation = fmt::format("ACL SETUSER u{} resetpass", i);
  }
  const std::string text = write_text(sample->report);
  CHECK(lines_of(text).size() < before + 250);
  CHECK(text.contains("more; the JSON and HTML reports list them"));
}

TEST_CASE("no line is wider than asked, but for lines to copy") {
  const auto sample = guide_report();
  for (const std::size_t width : {40U, 60U, 80U, 100U}) {
    std::set<std::string> to_copy;
    for (const Finding& finding : sample->report.findings)
      for (const std::string_view line : split(finding.remediation, '\n'))
        to_copy.emplace(trim(line));
    for (const std::string& line : lines_of(write_text(sample->report, {.width = width}))) {
      if (to_copy.contains(std::string{trim(line)}) || line.starts_with("RESULT ")) continue;
      INFO(line);
      CHECK(reports::columns(line) <= width);
    }
  }
}

TEST_CASE("plain output has no escape sequence, and ASCII output no other byte") {
  for (const auto& [name, sample] : all_samples()) {
    for (const char c :
         write_text(sample->report, {.width = 80, .colour = false, .unicode = false}))
      REQUIRE((c == '\n' || (c >= 0x20 && c < 0x7F)));
  }
}

TEST_CASE("hostile text cannot reach the terminal, nor start a line of its own") {
  const auto sample = hostile_report();
  const std::string text = write_text(sample->report, {.width = 100});
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find('\x07') == std::string::npos);
  CHECK(text.find("\xe2\x80\xae") == std::string::npos);
  for (const std::string& line : lines_of(text)) {
    CHECK_FALSE(line.starts_with("::"));
    CHECK_FALSE(line.contains("##["));
  }
}

TEST_CASE("a CI runner finds no command in a report, wherever its lines break") {
  for (std::size_t width = 40; width <= 60; ++width) {
    reports::Page page{{.width = width}};
    page.paragraph(4, "a name with ::error file=x::gotcha and ##[error]in it and ##vso[task.x]y");
    page.labelled(2, "label", 12, "::warning::also here, and an address ::1 or ::ffff:10.0.0.1");
    page.code(6, "::add-mask::everything\n  ::set-output name=a::b\nbind ::1");
    for (const std::string& line : lines_of(std::move(page).take())) {
      const std::string_view content = trim(line);
      CHECK_FALSE(content.starts_with("::error"));
      CHECK_FALSE(content.starts_with("::add-mask"));
      CHECK_FALSE(content.starts_with("::set-output"));
      CHECK_FALSE(line.contains("##["));
      CHECK_FALSE(line.contains("##vso["));
    }
  }
}

TEST_CASE("colours are balanced, and without them the text is the same") {
  const auto sample = guide_report();
  const std::string coloured = write_text(sample->report, {.width = 80, .colour = true});
  std::string plain;
  bool on = false;
  for (std::size_t i = 0; i < coloured.size(); ++i) {
    if (coloured[i] != '\x1b') {
      plain += coloured[i];
      continue;
    }
    const std::size_t end = coloured.find('m', i);
    const bool resets = coloured.substr(i, end - i) == "\x1b[0";
    CHECK(resets == on);
    on = !resets;
    i = end;
  }
  CHECK_FALSE(on);
  CHECK(plain == write_text(sample->report, {.width = 80}));
}

TEST_CASE("wrapping loses nothing: the words come back in order") {
  std::mt19937 random{4711};
  for (int round = 0; round < 500; ++round) {
    std::string text;
    for (std::size_t i = random() % 200; i > 0; --i)
      text += random() % 6 == 0 ? ' ' : static_cast<char>(random() % 256);
    reports::Page page{{.width = 40 + random() % 60}};
    page.paragraph(random() % 10, random() % 20, text);
    std::string without_blanks;
    for (const char c : page.shown(text))
      if (c != ' ') without_blanks += c;
    std::string written;
    for (const char c : std::move(page).take())
      if (c != ' ' && c != '\n') written += c;
    CHECK(written == without_blanks);
  }
}

}  // namespace
}  // namespace rta::testing
