#include "files/git/git_config.h"

#include <doctest/doctest.h>

using namespace rta::files;

TEST_CASE("sections, subsections and values are read as git writes and people write them") {
  const GitConfig config = parse_git_config(
      "\xEF\xBB\xBF# top\n[core]\n\tbare = false ; comment\n\tIgnoreCase\n"
      "[core] excludesFile = \"a b\" # c\n"
      "[submodule \"lib/a \\\"b\\\"\"]\r\n\tpath = lib/a\\\n-b\r\n[old.Sub]\nx = 1\\t\\\"2\\\"  "
      "\n");
  REQUIRE(config.is_whole);
  CHECK_FALSE(config.is_true("core", "bare"));
  CHECK(config.is_true("core", "ignorecase"));
  CHECK(config.last("core", "excludesfile") == "a b");
  CHECK_FALSE(config.last("core", "absent"));
  REQUIRE(config.entries.size() == 5);
  CHECK(config.entries[3].subsection == "lib/a \"b\"");
  CHECK(config.entries[3].value == "lib/a-b");
  CHECK(config.entries[4].section == "old");
  CHECK(config.entries[4].subsection == "sub");
  CHECK(config.entries[4].value == "1\t\"2\"");
}

TEST_CASE("the last value wins, and numbers are truth values") {
  const GitConfig config = parse_git_config("[a]\nx=0\nx=2\ny=00\nz=\n");
  CHECK(config.is_true("a", "x"));
  CHECK_FALSE(config.is_true("a", "y"));
  CHECK_FALSE(config.is_true("a", "z"));
}

TEST_CASE("what git refuses ends the reading and keeps what stood before") {
  for (const char* bad : {"[a]\nx=1\n[b\ny=2\n", "[a]\nx=1\n1y=2\n", "[a]\nx=1\ny=\"2\n",
                          "[a]\nx=1\ny=\\q\n", "[a]\nx=1\n[b \"c]\n", "[a]\nx=1\ny z=1\n"}) {
    INFO(bad);
    const GitConfig config = parse_git_config(bad);
    CHECK_FALSE(config.is_whole);
    REQUIRE_FALSE(config.entries.empty());
    CHECK(config.entries.front().value == "1");
  }
}

TEST_CASE("any truncation of a configuration is read without harm") {
  const std::string all = "[core \"s\\\"x\"]\n\tkey = \"a\\tb\" \\\n c ; d\n[x.y]\nz\n";
  for (std::size_t size = 0; size <= all.size(); ++size)
    CHECK(parse_git_config(std::string_view{all}.substr(0, size)).entries.size() <= 2);
}
