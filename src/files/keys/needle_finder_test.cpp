#include "files/keys/needle_finder.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>

using rta::files::NeedleFinder;

namespace {

constexpr std::array<std::string_view, 4> kNeedles{"edis", "abcabd", "aaaa", "-----BEGIN "};

bool one_by_one(std::string_view text) {
  return std::ranges::any_of(kNeedles,
                             [&](std::string_view needle) { return text.contains(needle); });
}

}  // namespace

TEST_CASE("a needle is found wherever it stands, and nothing else") {
  const NeedleFinder finder{kNeedles};
  CHECK_FALSE(finder.any_in(""));
  CHECK_FALSE(finder.any_in("edi"));
  CHECK(finder.any_in("edis"));
  CHECK(finder.any_in("xxxxedis"));
  CHECK(finder.any_in("abcabcabd"));
  CHECK_FALSE(finder.any_in("-----BEGIN"));
}

TEST_CASE("one pass and a search for each needle agree on generated texts") {
  const NeedleFinder finder{kNeedles};
  std::mt19937 dice{1};
  for (int i = 0; i < 20'000; ++i) {
    std::string text(dice() % 24, ' ');
    for (char& c : text) c = "abcdeis-BEGIN "[dice() % 14];
    INFO(text);
    CHECK(finder.any_in(text) == one_by_one(text));
  }
}
