// Records, alerts and handshake messages, in two reads of any size.
#include <redis_tls_audit/bytes.h>

#include "tls/record.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const rta::ByteView bytes{data + 1, size - 1};
  const std::size_t cut = bytes.empty() ? 0 : data[0] % (bytes.size() + 1);
  rta::tls::MessageStream stream;
  stream.feed(bytes.first(cut));
  while (stream.next()) {
  }
  stream.feed(bytes.subspan(cut));
  while (stream.next()) {
  }
  return 0;
}
