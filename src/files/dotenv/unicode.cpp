#include "files/dotenv/unicode.h"

#include <algorithm>
#include <array>

namespace rta::files {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

struct Decoded {
  char32_t code_point = kReplacement;
  std::size_t size = 1;
  bool ok = false;
};

std::uint8_t byte_at(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<std::uint8_t>(text[at]) : 0;
}

// Unicode 15, table 3-7: the second byte's range depends on the first.
Decoded decode_one(std::string_view text, std::size_t at) {
  const std::uint8_t lead = byte_at(text, at);
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t length = lead >= 0xC2 && lead <= 0xDF   ? 2
                             : lead >= 0xE0 && lead <= 0xEF ? 3
                             : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                            : 0;
  if (length == 0) return {};
  std::uint8_t low = 0x80;
  std::uint8_t high = 0xBF;
  if (lead == 0xE0) low = 0xA0;
  if (lead == 0xED) high = 0x9F;
  if (lead == 0xF0) low = 0x90;
  if (lead == 0xF4) high = 0x8F;
  auto value = static_cast<char32_t>(lead & (0x7F >> length));
  for (std::size_t i = 1; i < length; ++i) {
    const std::uint8_t next = byte_at(text, at + i);
    if (at + i >= text.size() || next < low || next > high) return {kReplacement, i, false};
    value = value << 6U | (next & 0x3FU);
    low = 0x80;
    high = 0xBF;
  }
  return {value, length, true};
}

struct Range {
  char32_t first;
  char32_t last;
};

// Above ASCII, what is neither letter nor number: marks, symbols, punctuation.
constexpr std::array kNeitherLetterNorNumber{
    Range{0x80, 0xA9},       Range{0xAB, 0xB1},       Range{0xB4, 0xB4},
    Range{0xB6, 0xB8},       Range{0xBB, 0xBB},       Range{0xBF, 0xBF},
    Range{0xD7, 0xD7},       Range{0xF7, 0xF7},       Range{0x2C2, 0x2C5},
    Range{0x300, 0x36F},     Range{0x1680, 0x1680},   Range{0x2000, 0x206F},
    Range{0x20A0, 0x20F0},   Range{0x2190, 0x245F},   Range{0x249C, 0x24E9},
    Range{0x2500, 0x2775},   Range{0x2794, 0x2BFF},   Range{0x3000, 0x3004},
    Range{0x3008, 0x3020},   Range{0xD800, 0xF8FF},   Range{0xFE00, 0xFE6F},
    Range{0xFEFF, 0xFEFF},   Range{0xFF01, 0xFF0F},   Range{0xFFF0, 0xFFFF},
    Range{0x1F000, 0x1F0FF}, Range{0x1F10D, 0x1FAFF}, Range{0xE0000, 0x10FFFF}};

}  // namespace

std::u32string decode_utf8(std::string_view bytes) {
  std::u32string text;
  text.reserve(bytes.size());
  for (std::size_t at = 0; at < bytes.size();) {
    const Decoded decoded = decode_one(bytes, at);
    text.push_back(decoded.code_point);
    at += decoded.size;
  }
  return text;
}

void append_utf8(std::string& out, char32_t c) {
  const auto put = [&out](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0U | c >> 6U);
    put(0x80U | (c & 0x3FU));
  } else if (c < 0x10000) {
    put(0xE0U | c >> 12U);
    put(0x80U | (c >> 6U & 0x3FU));
    put(0x80U | (c & 0x3FU));
  } else {
    put(0xF0U | c >> 18U);
    put(0x80U | (c >> 12U & 0x3FU));
    put(0x80U | (c >> 6U & 0x3FU));
    put(0x80U | (c & 0x3FU));
  }
}

std::string encode_utf8(std::u32string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char32_t c : text) append_utf8(out, c);
  return out;
}

bool is_valid_utf8(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const Decoded decoded = decode_one(bytes, at);
    if (!decoded.ok) return false;
    at += decoded.size;
  }
  return true;
}

std::string replace_bad_utf8(std::string_view bytes) {
  return is_valid_utf8(bytes) ? std::string{bytes} : encode_utf8(decode_utf8(bytes));
}

bool is_white_space(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

bool is_javascript_space(char32_t c) { return c == 0xFEFF || (c != 0x85 && is_white_space(c)); }

bool is_python_space(char32_t c) { return (c >= 0x1C && c <= 0x1F) || is_white_space(c); }

bool is_letter_or_number(char32_t c) {
  if (c < 0x80)
    return (c >= U'0' && c <= U'9') || (c >= U'A' && c <= U'Z') || (c >= U'a' && c <= U'z');
  return std::ranges::none_of(kNeitherLetterNorNumber, [c](const Range& range) {
    return c >= range.first && c <= range.last;
  });
}

}  // namespace rta::files
