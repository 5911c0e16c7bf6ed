// The version of this program; the build sets it.
#pragma once

namespace rta {
inline constexpr const char* kVersion = RTA_VERSION;
}
