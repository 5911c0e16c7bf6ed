// UTF-8 and the several notions of "blank" that file readers have. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace rta::files {

// Bad sequences become U+FFFD, one for each maximal part (WHATWG Encoding).
std::u32string decode_utf8(std::string_view bytes);
std::string encode_utf8(std::u32string_view text);
void append_utf8(std::string& out, char32_t code_point);
bool is_valid_utf8(std::string_view bytes);
// Bad sequences replaced, the rest as it is.
std::string replace_bad_utf8(std::string_view bytes);

bool is_white_space(char32_t c);       // Unicode White_Space, Go's unicode.IsSpace
bool is_javascript_space(char32_t c);  // \s and trim()
bool is_python_space(char32_t c);      // \s and strip()
// Near enough to Go's unicode.IsLetter or IsNumber.
bool is_letter_or_number(char32_t c);

}  // namespace rta::files
