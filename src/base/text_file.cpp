#include "base/text_file.h"

#include <fcntl.h>
#include <redis_tls_audit/limits.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/text.h"
#include "base/unique_fd.h"

namespace rta {
namespace {

Error cannot_read(const std::string& path) {
  return {std::string{"cannot be read: "} + std::strerror(errno), printable(path), ""};
}

}  // namespace

Result<std::string> read_text_file(const std::string& path) {
  const UniqueFd fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!fd) return cannot_read(path);
  std::string content(limits::kTextFile + 1, '\0');
  std::size_t size = 0;
  while (size < content.size()) {
    const ssize_t count = ::read(fd.get(), content.data() + size, content.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return cannot_read(path);
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  if (size > limits::kTextFile) return Error{"is larger than 1 MiB", printable(path), ""};
  content.resize(size);
  return content;
}

}  // namespace rta
