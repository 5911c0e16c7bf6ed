// The scan of settled settings, shared by `scan` and `demo`.
#pragma once

#include "cli/settings.h"

namespace rta {

int scan_with(const Settings& settings);

}  // namespace rta
