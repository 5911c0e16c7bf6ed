// TreePath is the place of a value in a compose project, such as
// services.redis.ports.[]. Patterns have "*" for a name that the user chose and
// "[]" for any item of a list. Inside src/files only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rta {

class TreePath {
 public:
  void push(std::string_view part) { parts_.push_back(part); }
  void pop() { parts_.pop_back(); }
  [[nodiscard]] std::size_t depth() const { return parts_.size(); }
  [[nodiscard]] bool matches(std::string_view pattern) const;
  [[nodiscard]] std::string text() const;

 private:
  std::vector<std::string_view> parts_;  // of texts that outlive the path
};

}  // namespace rta
