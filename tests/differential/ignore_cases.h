// Seeded trees and ignore rules, near to the places where matchers differ.
#pragma once

#include <doctest/doctest.h>

#include <string>

#include "tests/support/dice.h"

namespace rta::testing {

inline constexpr const char* kIgnoreFolders[] = {"a", "b", "certs", "redis", "a.d", "Certs", "c[d]"};
inline constexpr const char* kIgnoreNames[] = {"k.pem",  "x.key", "CA.PEM",  ".env",           "a",    "b",
                                  "k.pem ", "#k",    "!k",      "cl\xC3\xA9.pem", "k\\e", "]",
                                  "-",      "ab",    "k.pem\t", "x.key.bak",      "[a]"};
inline constexpr const char* kIgnorePieces[] = {
    "*",           "**",         "?",          "/",
    "/",           "a",          "b",          "certs",
    "redis",       ".pem",       "k.pem",      "x.key",
    ".env",        "*.pem",      "**/",        "/**",
    "/**/",        "***",        "[ab]",       "[!a]",
    "[^k]",        "[a-c]",      "[z-a]",      "[]]",
    "[]a]",        "[]",         "[a",         "[[:alpha:]]",
    "[[:upper:]]", "[[:nope:]]", "[[:alpha:]", "[[:]",
    "[a-]",        "[-a]",       "[\\]]",      "[a-\\c]",
    "[/]",         "[.-0]",      "\\",         "\\a",
    "\\*",         "\\ ",        " ",          "\t",
    "#",           "!",          "\r",         "CA.PEM",
    "cl??.pem",    "ab",         "\\!",        "\\#",
    "//",          "./",         "../",        "{a,b}",
    ".",           "-",          "]",          "[[:space:]]",
    "[[:punct:]]", "c[d]",       "c\\[d]",     "[[:digit:][:lower:]]"};

inline std::string ignore_pattern(Dice& dice) {
  static constexpr const char* kUsual[] = {
      "certs/", "*.pem",    "*.key",    "!k.pem",    "!*.pem",    "!certs/", "/a/",
      "a/b",    "**/certs", "certs/**", "!certs/**", "a**/k.pem", "*",       "!*/"};
  if (dice.one_in(3)) return dice.pick(kUsual);
  std::string line = dice.one_in(6) ? "!" : "";
  for (std::size_t i = 1 + dice.below(5); i > 0; --i) line += dice.pick(kIgnorePieces);
  if (dice.one_in(5)) line += "/";
  if (dice.one_in(12)) line += " ";
  return line;
}

inline std::string ignore_rules(Dice& dice) {
  std::string text = dice.one_in(12) ? "\xEF\xBB\xBF" : "";
  for (std::size_t i = 1 + dice.below(5); i > 0; --i) {
    text += ignore_pattern(dice);
    if (dice.one_in(40)) text += std::string{"\0tail", 5};
    text += i == 1 && dice.one_in(4) ? "" : dice.one_in(8) ? "\r\n" : "\n";
  }
  return text;
}

inline std::string ignore_path(Dice& dice) {
  std::string path;
  for (std::size_t depth = dice.below(4); depth > 0; --depth) path += dice.pick(kIgnoreFolders) + "/";
  return path + dice.pick(kIgnoreNames);
}

// `compare_once(seed)` for RTA_CASES seeds from RTA_SEED on: it answers how many
// questions it asked, or -1 at a difference; five differences are enough.
template <class Compare>
void compare_all(unsigned usual_cases, Compare compare_once) {
  const unsigned first = number_from_environment("RTA_SEED", 1);
  const unsigned cases = number_from_environment("RTA_CASES", usual_cases);
  int asked = 0, differences = 0;
  for (unsigned seed = first; seed < first + cases && differences < 5; ++seed) {
    const int result = compare_once(seed);
    if (result < 0)
      ++differences;
    else
      asked += result;
  }
  MESSAGE(asked << " questions");
  CHECK(differences == 0);
  CHECK(asked > static_cast<int>(cases) * 20);
}

}  // namespace rta::testing
