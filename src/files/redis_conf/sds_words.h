// Words as Redis splits them (src/sds.c, sdssplitargs): blanks separate,
// "..." knows \xHH \n \r \t \b \a and takes any other escaped character as it
// is, '...' knows \' only, and a closing quote must end its word. Pure; any
// thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rta {

// Absent: unbalanced quotes. The text ends at the first NUL, as in C.
std::optional<std::vector<std::string>> split_sds_words(std::string_view text);

// One word in double quotes that split_sds_words() reads back (sdscatrepr).
std::string quote_sds_word(std::string_view word);

}  // namespace rta
