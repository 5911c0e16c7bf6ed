// What must hold for all checks together. Runs after the stories, because it
// also asks that they produced every status that a check claims.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstdio>

#include "tests/support/check_story.h"

using namespace rta;

TEST_CASE("codes and names of checks are unique") {
  std::set<std::string_view> codes, names;
  for (const CheckEntry& entry : all_checks()) {
    CHECK_MESSAGE(codes.insert(entry.check->info.code.text).second, entry.check->info.code.text);
    CHECK_MESSAGE(names.insert(entry.name).second, entry.name);
  }
}

TEST_CASE("every check has a title, controls, needs, statuses and an item") {
  for (const CheckEntry& entry : all_checks()) {
    INFO(entry.name);
    const CheckInfo& info = entry.check->info;
    CHECK_FALSE(info.title.empty());
    CHECK_FALSE(info.title.ends_with('.'));
    CHECK_FALSE(info.controls.empty());
    CHECK(info.needs.bits != 0);
    CHECK((info.core.bits | info.supports.bits) != 0);
    CHECK((info.core.bits & info.supports.bits) == 0);
    CHECK(info.statuses.bits != 0);
  }
}

TEST_CASE("every page opens with the title and has all headings in order") {
  for (const CheckEntry& entry : all_checks()) {
    INFO(entry.name);
    CHECK(entry.page.starts_with("# " + std::string{entry.check->info.title} + "\n"));
    std::size_t from = 0;
    for (const std::string_view heading :
         {"\n## What\n", "\n## Why\n", "\n## Evidence\n", "\n## Remediation\n", "\n## Limits\n",
          "\n## References\n"}) {
      const std::size_t found = entry.page.find(heading, from);
      CHECK_MESSAGE(found != std::string_view::npos, heading);
      from = found == std::string_view::npos ? from : found;
    }
  }
}

TEST_CASE("no check claims what empty evidence cannot give it: nothing passes on nothing") {
  for (const CheckEntry& entry : all_checks()) {
    INFO(entry.name);
    Evidence nothing;
    nothing.as_of = rta::testing::story_time();
    for (const Finding& finding : rta::testing::findings(*entry.check, nothing)) {
      CHECK(finding.status != Status::pass);
      CHECK(finding.status != Status::fail);
      CHECK_FALSE(finding.message.empty());
    }
    CHECK_FALSE(rta::testing::findings(*entry.check, nothing).empty());
  }
}

namespace {

// Statuses that a check claims and no story produced, or the reverse.
int unproven_statuses() {
  int problems = 0;
  for (const CheckEntry& entry : all_checks()) {
    for (const auto& [status, name] : EnumNames<Status>::table) {
      const bool claimed = entry.check->info.statuses.has(status);
      const bool seen = rta::testing::was_produced(*entry.check, status);
      if (claimed == seen) continue;
      ++problems;
      std::printf("%s: %s is %s\n", std::string{entry.name}.c_str(), std::string{name}.c_str(),
                  claimed ? "claimed, but no story produces it" : "produced, but not claimed");
    }
  }
  return problems;
}

}  // namespace

int main(int argc, char** argv) {
  doctest::Context context{argc, argv};
  const int result = context.run();
  // Selected runs (-tc, -sf ...) cannot prove anything about all statuses.
  const bool everything_ran = argc == 1;
  if (result != 0 || context.shouldExit() || !everything_ran) return result;
  return unproven_statuses() == 0 ? 0 : 1;
}
