// Wildmatch is one glob of git's, compiled: bytes, not characters; `*` and `?`
// stop at a slash, `**` as a whole component does not. A pattern that git
// never matches (an unclosed or unknown set, a lone backslash at the end)
// never matches here. Time is pattern times text at worst, whatever the
// pattern. Pure; any thread.
#pragma once

#include <bitset>
#include <string_view>
#include <vector>

namespace rta::files {

struct WildmatchOptions {
  bool slash_is_special = true;  // WM_PATHNAME: only `**` matches a slash
  bool fold_case = false;        // core.ignorecase: ASCII only
};

class Wildmatch {
 public:
  Wildmatch(std::string_view pattern, WildmatchOptions options);
  [[nodiscard]] bool matches(std::string_view text) const;

 private:
  enum class Kind { literal, any, set, star, star_star };
  struct Token {
    Kind kind = Kind::literal;
    unsigned char byte = 0;       // literal
    std::size_t set = 0;          // index into sets_
    bool may_skip_slash = false;  // star_star before '/': both may match nothing
  };
  using Set = std::bitset<256>;
  // Stayed: on a star that has taken at least one byte.
  enum class Place : char { away, stayed, reached };

  std::size_t compile_set(std::string_view pattern, std::size_t at);
  void step_over_stars(std::vector<Place>& places) const;
  [[nodiscard]] bool accepts(const Token& token, unsigned char byte) const;

  WildmatchOptions options_;
  std::vector<Token> tokens_;
  std::vector<Set> sets_;
  std::size_t shortest_ = 0;  // bytes that a match needs at least
  bool never_ = false;
};

}  // namespace rta::files
