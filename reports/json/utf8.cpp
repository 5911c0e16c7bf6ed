#include "reports/json/utf8.h"

#include "base/text.h"

namespace rta::reports {

std::string valid_utf8(std::string_view text) {
  std::string valid;
  valid.reserve(text.size());
  while (!text.empty()) {
    const std::size_t size = utf8_sequence(text);
    if (size == 0) {
      valid += fmt::format("\\x{:02x}", static_cast<unsigned char>(text.front()));
      text.remove_prefix(1);
      continue;
    }
    valid += text.substr(0, size);
    text.remove_prefix(size);
  }
  return valid;
}

}  // namespace rta::reports
