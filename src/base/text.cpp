#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace rta {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

struct Rune {
  std::uint32_t code = 0;
  std::size_t size = 0;   // 0 = not UTF-8 here
};

// One UTF-8 sequence (RFC 3629: no surrogates, shortest form).
Rune decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < size) return {};
  std::uint32_t code = first & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return {};
    code = code << 6U | (byte(i) & 0x3FU);
  }
  constexpr std::array<std::uint32_t, 5> kSmallest{0, 0, 0x80, 0x800, 0x10000};
  if (code < kSmallest[size] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return {};
  return {code, size};
}

// Characters that move the cursor, hide or reorder text.
bool is_unprintable(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x061C || code == 0x00AD ||
         (code >= 0x200B && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
         (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF ||
         (code >= 0xFFF9 && code <= 0xFFFB) || (code >= 0xE0000 && code <= 0xE007F);
}

}  // namespace

std::string to_hex(ByteView bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    text += kHex[byte >> 4U];
    text += kHex[byte & 0x0FU];
  }
  return text;
}

std::optional<Bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  Bytes bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const std::size_t high = kHex.find(lower_ascii(text.substr(i, 1)));
    const std::size_t low = kHex.find(lower_ascii(text.substr(i + 1, 1)));
    if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
    bytes.push_back(static_cast<std::uint8_t>(high << 4U | low));
  }
  return bytes;
}

std::string to_base64(ByteView bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) group = group << 8U | (j < count ? bytes[i + j] : 0U);
    for (std::size_t j = 0; j < 4; ++j)
      text += j <= count ? kBase64[group >> (18 - 6 * j) & 0x3FU] : '=';
  }
  return text;
}

std::optional<Bytes> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  Bytes bytes;
  bytes.reserve(text.size() / 4 * 3);
  for (std::size_t i = 0; i < text.size(); i += 4) {
    std::uint32_t group = 0;
    std::size_t padding = 0;
    for (std::size_t j = 0; j < 4; ++j) {
      const char c = text[i + j];
      if (c == '=' && j >= 2 && i + 4 == text.size()) {
        ++padding;
        group <<= 6U;
        continue;
      }
      const std::size_t value = kBase64.find(c);
      if (value == std::string_view::npos || padding > 0) return std::nullopt;
      group = group << 6U | static_cast<std::uint32_t>(value);
    }
    for (std::size_t j = 0; j < 3 - padding; ++j)
      bytes.push_back(static_cast<std::uint8_t>(group >> (16 - 8 * j)));
  }
  return bytes;
}

std::size_t utf8_sequence(std::string_view text) { return text.empty() ? 0 : decode(text).size; }

std::string printable(std::string_view raw, std::size_t limit) {
  std::string text;
  while (!raw.empty()) {
    const Rune rune = decode(raw);
    const std::size_t taken = std::max<std::size_t>(1, rune.size);
    std::string piece;
    if (rune.size == 0) piece = fmt::format("\\x{:02x}", static_cast<std::uint8_t>(raw[0]));
    else if (!is_unprintable(rune.code)) piece = raw.substr(0, taken);
    else if (rune.code == '\n') piece = "\\n";
    else if (rune.code == '\r') piece = "\\r";
    else if (rune.code == '\t') piece = "\\t";
    else if (rune.code < 0x100) piece = fmt::format("\\x{:02x}", rune.code);
    else piece = fmt::format("\\u{{{:x}}}", rune.code);
    if (text.size() + piece.size() > limit) return text + "…";
    text += piece;
    raw.remove_prefix(taken);
  }
  return text;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string lower_ascii(std::string_view text) {
  std::string lower{text};
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  return fmt::format("{}", fmt::join(parts, separator));
}

std::string counted(std::size_t count, std::string_view singular, std::string_view plural) {
  if (count == 1) return fmt::format("1 {}", singular);
  return plural.empty() ? fmt::format("{} {}s", count, singular) : fmt::format("{} {}", count, plural);
}

std::size_t edit_distance(std::string_view one, std::string_view other, std::size_t limit) {
  if (one.size() > other.size() + limit || other.size() > one.size() + limit) return limit + 1;
  std::vector<std::size_t> before(other.size() + 1), above(other.size() + 1), row(other.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < one.size(); ++i) {
    before = std::exchange(above, row);
    row[0] = i + 1;
    for (std::size_t j = 0; j < other.size(); ++j) {
      const std::size_t changed = above[j] + (one[i] == other[j] ? 0 : 1);
      row[j + 1] = std::min({changed, row[j] + 1, above[j + 1] + 1});
      if (i > 0 && j > 0 && one[i] == other[j - 1] && one[i - 1] == other[j])
        row[j + 1] = std::min(row[j + 1], before[j - 1] + 1);
    }
  }
  return std::min(row.back(), limit + 1);
}

std::optional<std::string> did_you_mean(std::string_view word,
                                        const std::vector<std::string>& candidates) {
  const std::size_t limit = std::max<std::size_t>(1, word.size() / 3);
  std::optional<std::string> best;
  std::size_t best_distance = limit + 1;
  for (const std::string& candidate : candidates) {
    // A word that was not written to its end.
    constexpr std::size_t kBeginning = 5;
    if (word.size() >= kBeginning && lower_ascii(candidate).starts_with(lower_ascii(word)))
      return candidate;
    const std::size_t distance = edit_distance(lower_ascii(word), lower_ascii(candidate), limit);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

bool looks_like_placeholder_path(std::string_view path) {
  constexpr std::array<std::string_view, 6> kStarts{"/path/to", "/absolute/path", "path/to",
                                                    "/your/", "/full/path", "<"};
  return std::ranges::any_of(kStarts, [&](std::string_view start) { return path.starts_with(start); });
}

const std::vector<std::string_view>& placeholder_secrets() {
  static const std::vector<std::string_view> words{
      "YourSecurePassword", "YourSecureToken123!", "yoursecurepassword", "your-password",
      "your_password", "yourpassword", "your-strong-password", "changeme", "change-me", "change_me",
      "changeit", "foobared", "redis", "redispassword", "redis123", "password", "Password1",
      "password1", "password123", "passw0rd", "P@ssw0rd", "secret", "supersecret", "mypassword",
      "mysecret", "mysecretpassword", "admin", "admin123", "root", "default", "test", "test123",
      "example", "letmein", "qwerty", "123456", "12345678", "1234567890", "a-very-strong-password",
      "strongpassword", "StrongPassword", "str0ngpassw0rd", "placeholder", "todo", "xxx",
      "xxxxxxxx", "REPLACE_ME", "replace-me", "replaceme", "insert-password-here", "CHANGEME"};
  return words;
}

bool looks_like_placeholder_secret(std::string_view value) {
  if (value.size() >= 2 && value.front() == '<' && value.back() == '>') return true;
  const std::string lower = lower_ascii(value);
  // "your-token"; and what some readers take for no value at all.
  if (lower.starts_with("your-") || lower.starts_with("your_") || lower == "null" ||
      lower == "(null)" || lower == "none" || lower == "nil" || lower == "undefined")
    return true;
  return std::ranges::any_of(placeholder_secrets(),
                             [&](std::string_view word) { return lower_ascii(word) == lower; });
}

int estimated_entropy_bits(std::string_view secret) {
  if (secret.empty()) return 0;
  bool lower = false, upper = false, digit = false, other = false, hex_only = true;
  std::array<bool, 256> seen{};
  std::size_t effective = 0;
  for (std::size_t i = 0; i < secret.size(); ++i) {
    const char c = secret[i];
    lower = lower || (c >= 'a' && c <= 'z');
    upper = upper || (c >= 'A' && c <= 'Z');
    digit = digit || (c >= '0' && c <= '9');
    const bool is_hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    hex_only = hex_only && is_hex;
    other = other || !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'));
    seen[static_cast<std::uint8_t>(c)] = true;
    // A step of -1, 0 or 1 from the character before adds almost nothing.
    const int step = i == 0 ? 99 : c - secret[i - 1];
    if (step < -1 || step > 1) ++effective;
  }
  const double alphabet = hex_only ? 16 : 26.0 * lower + 26.0 * upper + 10.0 * digit + 32.0 * other;
  const auto distinct = static_cast<double>(std::ranges::count(seen, true));
  const double bits_per_character = std::min(std::log2(alphabet), std::log2(distinct + 1) + 1);
  return static_cast<int>(bits_per_character * static_cast<double>(effective));
}

}  // namespace rta
