#include "cli/read_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <redis_tls_audit/limits.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/unique_fd.h"

namespace rta {

Result<std::string> read_input_file(const std::string& path) {
  const bool standard_input = path == "-";
  const UniqueFd fd{standard_input ? ::dup(STDIN_FILENO)
                                   : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!fd) return Error{fmt::format("cannot be opened: {}", std::strerror(errno)), path, ""};
  std::string content;
  std::array<char, 65536> buffer{};
  for (;;) {
    const ssize_t count = ::read(fd.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Error{fmt::format("cannot be read: {}", std::strerror(errno)), path, ""};
    if (count == 0) return content;
    content.append(buffer.data(), static_cast<std::size_t>(count));
    if (content.size() > limits::kEvidenceFile) return Error{"is larger than 256 MiB", path, ""};
  }
}

}  // namespace rta
