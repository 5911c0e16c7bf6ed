#include <doctest/doctest.h>

#include <random>
#include <regex>

#include "base/digest.h"
#include "base/text.h"
#include "reports/writer.h"
#include "tests/support/sample_report.h"

namespace rta::testing {
namespace {

// What stands between two marks, or nothing.
std::string between(const std::string& text, std::string_view start, std::string_view end) {
  const std::size_t from = text.find(start);
  if (from == std::string::npos) return {};
  const std::size_t first = from + start.size();
  return text.substr(first, text.find(end, first) - first);
}

// The character references that the page uses, read as a browser does.
std::string unescaped(std::string_view html) {
  constexpr std::array<std::pair<std::string_view, char>, 5> kReferences{
      {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&#39;", '\''}}};
  std::string text;
  while (!html.empty()) {
    const auto found = std::ranges::find_if(
        kReferences, [&](const auto& reference) { return html.starts_with(reference.first); });
    if (found == kReferences.end()) {
      text += html.front();
      html.remove_prefix(1);
    } else {
      text += found->second;
      html.remove_prefix(found->first.size());
    }
  }
  return text;
}

std::string random_text(std::mt19937& random) {
  constexpr std::string_view kNasty = "<>&\"'`=/{}%\\ \t\n!-;#x";
  std::string text;
  for (std::size_t i = random() % 40; i > 0; --i)
    text +=
        random() % 2 == 0 ? kNasty[random() % kNasty.size()] : static_cast<char>(random() % 256);
  return "x" + text + "x";
}

TEST_CASE("title and heading of the page start with the verdict") {
  const std::string failed = write_html(guide_report()->report);
  CHECK(failed.find("<title>FAIL: Redis TLS audit of untxt-ocr") != std::string::npos);
  CHECK(failed.find("FAIL:</span> Not compliant</h1>") != std::string::npos);
  const std::string passed = write_html(hardened_report()->report);
  CHECK(passed.find("<title>PASS: ") != std::string::npos);
  const std::string incomplete = write_html(empty_report()->report);
  CHECK(incomplete.find("<title>INCOMPLETE: ") != std::string::npos);
}

TEST_CASE("the page has thirteen rows with stable anchors, and every finding") {
  const auto sample = guide_report();
  const std::string html = write_html(sample->report);
  for (const char* anchor : {"item-01", "item-07", "item-12", "item-S"})
    CHECK(html.find(fmt::format("id=\"{}\"", anchor)) != std::string::npos);
  for (const Finding& finding : sample->report.findings) {
    INFO(finding.message);
    CHECK(html.find("id=\"f-" + finding.fingerprint.substr(0, 16)) != std::string::npos);
  }
}

TEST_CASE("ids are unique and every link leads somewhere on the page") {
  for (const auto& [name, sample] : all_samples()) {
    const std::string html = write_html(sample->report);
    std::set<std::string> ids;
    const std::regex id{" id=\"([^\"]*)\""};
    for (std::sregex_iterator i{html.begin(), html.end(), id}, end; i != end; ++i) {
      INFO((*i)[1].str());
      CHECK(ids.insert((*i)[1]).second);
    }
    const std::regex link{" href=\"([^\"]*)\""};
    for (std::sregex_iterator i{html.begin(), html.end(), link}, end; i != end; ++i) {
      const std::string target = (*i)[1];
      INFO(target);
      REQUIRE(target.starts_with("#"));
      CHECK(ids.contains(target.substr(1)));
    }
  }
}

TEST_CASE("the policy's hash is the style sheet's, and there is no other style or script") {
  for (const auto& [name, sample] : all_samples()) {
    const std::string html = write_html(sample->report);
    const std::string css = between(html, "<style>", "</style>");
    REQUIRE(css.size() > 1000);
    CHECK(between(html, "style-src 'sha256-", "'") == to_base64(sha256(as_bytes(css))));
    CHECK(css.find(sample->report.run_id) != std::string::npos);
    CHECK(html.find("<script") == std::string::npos);
    CHECK(html.find(" style=") == std::string::npos);
    CHECK(css.find("url(") == std::string::npos);
    CHECK(css.find("@import") == std::string::npos);
  }
}

TEST_CASE("hostile text stays text") {
  const std::string html = write_html(hostile_report()->report);
  CHECK(html.find("<img") == std::string::npos);
  CHECK(html.find("<b>evil") == std::string::npos);
  CHECK(html.find('\x1b') == std::string::npos);
  CHECK(html.find('\0') == std::string::npos);
  CHECK(html.find("\xe2\x80\xae") == std::string::npos);
  CHECK(html.find("&lt;script&gt;alert(1)") != std::string::npos);
}

TEST_CASE("any text comes back from the page as it was shown") {
  const auto sample = guide_report();
  std::mt19937 random{4711};
  for (int round = 0; round < 100; ++round) {
    const std::string text = random_text(random);
    sample->policy.title = text;
    sample->report.actions.front().fix = text;
    const std::string html = write_html(sample->report);
    CHECK(unescaped(between(html, "<dt>Profile</dt><dd>", " <span class=\"soft\">(")) ==
          printable(text));
    std::string lines;
    for (const std::string_view line : split(text, '\n'))
      lines += (lines.empty() ? "" : "\n") + printable(line);
    CHECK(unescaped(between(html, "<pre>", "</pre>")) == lines);
  }
}

TEST_CASE("the same report gives the same page") {
  const auto sample = guide_report();
  CHECK(write_html(sample->report) == write_html(sample->report));
}

}  // namespace
}  // namespace rta::testing
