// GitPackLayout is where the objects of one pack start and which of them are
// deltas to which others, in the order of the pack. Chains end and stay within
// our limits for all objects that a catalogue calls readable.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace rta {

struct GitPackLayout {
  static constexpr std::uint32_t kNoBase = UINT32_MAX;

  std::string file;
  std::vector<std::uint64_t> offsets;
  std::vector<std::uint32_t> bases;  // by position; kNoBase: no delta
  std::vector<bool> is_base;         // of some delta
};

}  // namespace rta
