#include "cli/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "base/text.h"

namespace rta {

Progress::Progress(bool wanted) : visible_(wanted && ::isatty(STDERR_FILENO) == 1) {}

void Progress::show(const std::string& line) const {
  if (!visible_) return;
  fmt::print(stderr, "\r\x1b[K{}", printable(line, 76));
  std::fflush(stderr);
}

}  // namespace rta
