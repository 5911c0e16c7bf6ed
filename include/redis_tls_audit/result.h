// Result<T> is a value or an Error: the way every expected failure travels
// (bad input, refused connection, missing file). It cannot be dropped
// silently. Not being able to observe something during an audit is a Gap
// (observation.h), and a broken promise of our own is RTA_ASSERT.
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace rta {

// Error says what went wrong, where, and what to do about it, in the words
// that a person reads. `where` is a path with line and column, an endpoint or
// empty; `remedy` is a sentence or empty.
struct Error {
  std::string what;
  std::string where;
  std::string remedy;

  // Puts the activity in front: "reading redis.conf: unbalanced quotes".
  [[nodiscard]] Error while_doing(std::string activity) && {
    what = std::move(activity) + ": " + what;
    return std::move(*this);
  }

  // One line: "where: what; remedy".
  [[nodiscard]] std::string text() const {
    std::string line = where.empty() ? what : where + ": " + what;
    if (!remedy.empty()) line += "; " + remedy;
    return line;
  }
};

template <class T>
class [[nodiscard]] Result : public std::expected<T, Error> {
 public:
  using std::expected<T, Error>::expected;
  Result(Error error) : std::expected<T, Error>(std::unexpect, std::move(error)) {}
};

template <>
class [[nodiscard]] Result<void> : public std::expected<void, Error> {
 public:
  using std::expected<void, Error>::expected;
  Result(Error error) : std::expected<void, Error>(std::unexpect, std::move(error)) {}
};

}  // namespace rta
