#include "files/git/git_config.h"

#include <redis_tls_audit/bytes.h>

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const rta::files::GitConfig config = rta::files::parse_git_config(rta::as_text({data, size}));
  static_cast<void>(config.is_true("core", "bare"));
  return 0;
}
