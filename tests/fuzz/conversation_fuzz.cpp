// A conversation with a server that may answer anything: the input is cut at
// 0xFF into what comes back for each command.
#include <cstdint>

#include "redis/conversation.h"

using namespace rta;
using namespace rta::redis;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Conversation conversation{{.user = {}, .unix_seconds = [] { return 0; }}};
  (void)conversation.start();
  ByteView rest{data, size};
  while (!rest.empty()) {
    const std::size_t length =
        static_cast<std::size_t>(std::ranges::find(rest, 0xFF) - rest.begin());
    if (length > 0 && conversation.on_bytes(rest.first(length)).finished) return 0;
    rest = rest.subspan(std::min(length + 1, rest.size()));
  }
  conversation.on_end(ConnectionEnd::closed, "end of input");
  return 0;
}
