// Bytes, and ByteReader: how every byte from outside is taken apart. A reader
// cannot see past its end; after the first short read all reads yield zero and
// ok() stays false, so a parser is straight-line code with one check, done(),
// at its end. Values are big-endian (network order). Any thread; a reader
// borrows the bytes it reads.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rta {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

// The same memory seen as bytes or as text; the only casts of this kind.
inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

class ByteReader {
 public:
  constexpr explicit ByteReader(ByteView bytes) : rest_(bytes) {}

  constexpr std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
  constexpr std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
  constexpr std::uint32_t u24() { return static_cast<std::uint32_t>(number(3)); }
  constexpr std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }

  // The next `count` bytes, or an empty view after a short read.
  constexpr ByteView bytes(std::size_t count) {
    if (!ok_ || count > rest_.size()) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    const ByteView taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }

  // A child over a block whose length stands in front in 1, 2 or 3 bytes.
  // A block longer than what is left fails this reader and the child.
  constexpr ByteReader block8() { return block(u8()); }
  constexpr ByteReader block16() { return block(u16()); }
  constexpr ByteReader block24() { return block(u24()); }

  [[nodiscard]] constexpr std::size_t remaining() const { return rest_.size(); }
  [[nodiscard]] constexpr bool at_end() const { return rest_.empty(); }
  [[nodiscard]] constexpr ByteView rest() const { return rest_; }
  [[nodiscard]] constexpr bool ok() const { return ok_; }
  // Everything was read, and nothing was missing.
  [[nodiscard]] constexpr bool done() const { return ok_ && rest_.empty(); }

 private:
  constexpr ByteReader block(std::size_t size) {
    ByteReader child{bytes(size)};
    child.ok_ = ok_;
    return child;
  }
  constexpr std::uint64_t number(std::size_t width) {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : bytes(width)) value = value << 8U | byte;
    return value;
  }

  ByteView rest_;
  bool ok_ = true;
};

}  // namespace rta
