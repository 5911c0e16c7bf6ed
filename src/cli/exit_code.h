// What the program's exit code means. 1 outranks 3.
#pragma once

namespace rta::exit_code {

inline constexpr int kPass = 0;        // the gate holds
inline constexpr int kFail = 1;        // it does not
inline constexpr int kUsage = 2;       // wrong usage, unreadable input, output not written
inline constexpr int kIncomplete = 3;  // nothing fails, but something required is not known

}  // namespace rta::exit_code
