// A log of any bytes gives bounded, printable facts, and its times are in order
// only as far as its lines are.
#include <cstdlib>

#include "files/redis_conf/redis_log.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rta;
  const Timestamp modified = std::chrono::sys_days{std::chrono::year{2026} / 11 / 26};
  ServerLog log;
  read_redis_log(as_text({data, size}), {modified, modified + std::chrono::hours{1}}, log);
  if (log.lines > size || log.handshake_failures.size() > 17) std::abort();
  if ((log.lines == 0) != !log.newest) std::abort();
  for (const auto& [reason, count] : log.handshake_failures)
    if (reason.size() > 100 || reason.find('\n') != std::string::npos ||
        reason.find('\x1b') != std::string::npos || count == 0)
      std::abort();
  return 0;
}
