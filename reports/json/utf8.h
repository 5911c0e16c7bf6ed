// What JSON can carry.
#pragma once

#include <string>
#include <string_view>

namespace rta::reports {

// The same text when it is valid UTF-8; otherwise each byte that is not part
// of a sequence becomes the four characters \xNN. Pure; any thread.
std::string valid_utf8(std::string_view text);

}  // namespace rta::reports
