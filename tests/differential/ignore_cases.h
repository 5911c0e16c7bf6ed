// Seeded trees and ignore rules, near to the places where matchers differ.
#pragma once

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

}  // namespace rta::testing
