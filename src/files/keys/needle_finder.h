// NeedleFinder tells quickly whether any of a few words stands in a text: one
// pass that jumps ahead, whatever their number (Wu and Manber, 1994, with
// blocks of two bytes). Made once; any thread may ask.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace rta::files {

class NeedleFinder {
 public:
  // At least one needle, none shorter than two bytes; they must outlive this.
  explicit NeedleFinder(std::span<const std::string_view> needles);
  [[nodiscard]] bool any_in(std::string_view text) const;

 private:
  std::vector<std::string_view> needles_;
  std::size_t shortest_;
  std::array<std::uint8_t, 65'536> jump_;  // by the last block of the window
};

}  // namespace rta::files
