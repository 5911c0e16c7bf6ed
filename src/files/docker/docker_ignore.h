// DockerIgnore answers which paths of a build context a .dockerignore keeps
// out, with the meaning of docker's own matcher (moby/patternmatcher), which
// is not git's: every pattern is anchored at the context, `*` stops at a slash,
// `**` does not, the last matching line wins, and a line that matches a folder
// matches all below it, though a later `!` line can bring a file back. Pure;
// any thread.
#pragma once

#include <bitset>
#include <string>
#include <string_view>
#include <vector>

namespace rta::files {

class DockerIgnore {
 public:
  explicit DockerIgnore(std::string_view bytes);
  // `path` is relative to the context.
  [[nodiscard]] bool excludes(std::string_view path) const;
  // Docker refuses a file with such a line ("[a"): 0 when there is none.
  [[nodiscard]] int malformed_line() const { return malformed_line_; }

 private:
  enum class Kind { literal, any, set, star, folders, rest };
  struct Token {
    Kind kind = Kind::literal;
    char byte = 0;
    std::bitset<256> set;
  };
  struct Pattern {
    std::vector<Token> tokens;
    bool brings_back = false;
    [[nodiscard]] bool matches(std::string_view path) const;
  };
  bool compile(std::string_view text, Pattern& pattern) const;

  std::vector<Pattern> patterns_;
  int malformed_line_ = 0;
};

}  // namespace rta::files
