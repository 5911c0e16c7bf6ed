// Small text tools. Pure; any thread.
#pragma once

#include <redis_tls_audit/bytes.h>

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rta {

std::string to_hex(ByteView bytes);                         // lower case
std::optional<Bytes> from_hex(std::string_view text);
std::string to_base64(ByteView bytes);
std::optional<Bytes> from_base64(std::string_view text);    // RFC 4648, padding required, no blanks

// Valid UTF-8 without control characters: bad bytes, C0, C1, DEL and bidi
// controls become \xNN or \u{NNNN}. Longer text is cut at `limit` bytes with
// an ellipsis. For everything from outside that enters Evidence as a sentence.
std::string printable(std::string_view raw, std::size_t limit = 400);

// Bytes of the UTF-8 sequence that `text` starts with (RFC 3629); 0 = none.
std::size_t utf8_sequence(std::string_view text);

std::string_view trim(std::string_view text);               // blanks, tabs, CR, LF
std::vector<std::string_view> split(std::string_view text, char separator);
// The parts would point into a string that is gone.
template <class Text>
  requires std::same_as<Text, std::string>
std::vector<std::string_view> split(Text&& text, char separator) = delete;
std::string lower_ascii(std::string_view text);
std::string join(const std::vector<std::string>& parts, std::string_view separator);

// "1 file", "3 files".
std::string counted(std::size_t count, std::string_view singular, std::string_view plural = {});

// How many letters were left out, added, mistaken or swapped with the next one
// (optimal string alignment), for "did you mean"; stops counting above `limit`.
std::size_t edit_distance(std::string_view one, std::string_view other, std::size_t limit = 16);
// The closest candidate within a third of the word's length, if any.
std::optional<std::string> did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

// The path says that its purpose is documentation or an example.
bool looks_like_placeholder_path(std::string_view path);    // "/path/to", "/absolute/path"
// A documented example password: changeme, foobared, YourSecurePassword ...
bool looks_like_placeholder_secret(std::string_view value);
// Characters of the shortest token that ElastiCache takes ("Authenticating with
// the AUTH command": 16 to 128).
inline constexpr std::size_t kShortestAuthToken = 16;
// Words that looks_like_placeholder_secret() knows, for comparing hashes.
const std::vector<std::string_view>& placeholder_secrets();
// A conservative estimate of a password's entropy in bits: character classes
// and length, less for repetition and sequences.
int estimated_entropy_bits(std::string_view secret);

}  // namespace rta
