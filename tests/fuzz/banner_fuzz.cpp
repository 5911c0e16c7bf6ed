// The first bytes of a server, whole and cut anywhere.
#include <redis_tls_audit/bytes.h>

#include "base/banner.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const rta::ByteView bytes{data, size};
  for (std::size_t cut = 0; cut <= size && cut <= 64; ++cut) rta::protocol_of(bytes.first(cut));
  rta::protocol_of(bytes);
  return 0;
}
