#include "files/compose/tree_path.h"

#include "base/text.h"

namespace rta {

bool TreePath::matches(std::string_view pattern) const {
  std::size_t at = 0;
  for (const std::string_view part : parts_) {
    if (at > pattern.size()) return false;
    const std::size_t dot = std::min(pattern.find('.', at), pattern.size());
    const std::string_view wanted = pattern.substr(at, dot - at);
    if (wanted != "*" && wanted != part) return false;
    at = dot + 1;
  }
  return at > pattern.size();
}

std::string TreePath::text() const {
  std::string text;
  for (const std::string_view part : parts_) {
    if (!text.empty()) text += '.';
    text += printable(part, 100);
  }
  return text;
}

}  // namespace rta
