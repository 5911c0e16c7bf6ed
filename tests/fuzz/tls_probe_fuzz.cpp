// A whole probe against any bytes of a server: the first byte picks the offer,
// the second how the bytes are cut.
#include <redis_tls_audit/assert.h>

#include <algorithm>

#include "tls/handshake_probe.h"

using namespace rta;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  tls::Offer offer;
  offer.version = data[0] % 3 == 0   ? ProtocolVersion::ssl2
                  : data[0] % 3 == 1 ? ProtocolVersion::tls1_2
                                     : ProtocolVersion::tls1_3;
  offer.suites = {0xC02F, 0x009F, 0x009C, 0x1301};
  offer.groups = {0x001D, 0x0017};
  tls::HandshakeProbe probe{offer};
  probe.start();
  const ByteView bytes{data + 2, size - 2};
  const std::size_t step = data[1] % 64 + 1U;
  bool finished = false;
  for (std::size_t from = 0; from < bytes.size() && !finished; from += step)
    finished = probe.on_bytes(bytes.subspan(from, std::min(step, bytes.size() - from))).finished;
  if (!finished) probe.on_end(ConnectionEnd::closed, "");
  // Support always rests on a hello within the offer.
  const tls::HandshakeAnswer& answer = probe.answer();
  if (answer.is(Answer::supported)) RTA_ASSERT(answer.hello.has_value() || answer.ssl2.has_value());
  return 0;
}
