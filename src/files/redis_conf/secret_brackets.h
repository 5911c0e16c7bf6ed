// StoreBrackets tells which part of one line is about Redis: of
// {"redis": {...}, "database": {"password": "x"}} the first object alone, of
// {"driver": "redis", "options": {...}} all. For redis_secrets.cpp. Pure.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace rta::files {

class StoreBrackets {
 public:
  explicit StoreBrackets(std::string_view lower_line);

  // Inside of brackets that are Redis's by the name in front of them or by what
  // stands in them, at any depth.
  [[nodiscard]] bool is_of_store(std::size_t at) const;

 private:
  struct Bracket {
    std::size_t parent = 0;
    bool of_store = false;     // by the name in front of it
    bool names_store = false;  // by a word or a value directly in it
    bool has_keys = false;
  };
  // Of a word or a quoted text that ends in front of `end`.
  void take(std::string_view word, std::string_view behind);
  void close();

  std::vector<Bracket> brackets_{Bracket{}};
  std::vector<std::size_t> of_position_;  // the innermost bracket
  std::size_t now_ = 0;
  bool opens_store_ = false;  // the next bracket belongs to a name of Redis
};

}  // namespace rta::files
