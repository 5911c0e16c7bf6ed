#include "files/keys/needle_finder.h"

#include <redis_tls_audit/assert.h>

#include <algorithm>

namespace rta::files {
namespace {

constexpr std::size_t kBlock = 2;

std::size_t block_at(std::string_view text, std::size_t at) {
  return static_cast<std::size_t>(static_cast<unsigned char>(text[at])) << 8U |
         static_cast<unsigned char>(text[at + 1]);
}

}  // namespace

NeedleFinder::NeedleFinder(std::span<const std::string_view> needles)
    : needles_(needles.begin(), needles.end()),
      shortest_(std::ranges::min(needles, {}, &std::string_view::size).size()) {
  RTA_ASSERT(shortest_ >= kBlock);
  shortest_ = std::min<std::size_t>(shortest_, UINT8_MAX);
  jump_.fill(static_cast<std::uint8_t>(shortest_ - kBlock + 1));
  for (const std::string_view needle : needles_)
    for (std::size_t end = kBlock; end <= shortest_; ++end) {
      std::uint8_t& jump = jump_[block_at(needle, end - kBlock)];
      jump = std::min(jump, static_cast<std::uint8_t>(shortest_ - end));
    }
}

bool NeedleFinder::any_in(std::string_view text) const {
  for (std::size_t end = shortest_; end <= text.size();) {
    const std::size_t jump = jump_[block_at(text, end - kBlock)];
    if (jump > 0) {
      end += jump;
      continue;
    }
    const std::string_view here = text.substr(end - shortest_);
    for (const std::string_view needle : needles_)
      if (here.starts_with(needle)) return true;
    ++end;
  }
  return false;
}

}  // namespace rta::files
