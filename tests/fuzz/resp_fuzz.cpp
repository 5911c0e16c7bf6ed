// RespGuard, hiredis behind it and the streamed shapes: any bytes, in pieces.
#include <cstdint>

#include "redis/reply.h"

using namespace rta;
using namespace rta::redis;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t piece = 1 + data[0] % 17U;
  const ByteView input = ByteView{data, size}.subspan(1);
  const bool whole = parse_reply(input).has_value();
  for (const ReplyShape shape : {ReplyShape::whole, ReplyShape::lines, ReplyShape::entries}) {
    ReplyReader reader{shape, {}, {}, 4096};
    std::size_t used = 0;
    while (used < input.size()) {
      const ByteView head = input.subspan(used, std::min(piece, input.size() - used));
      const std::size_t taken = reader.feed(head);
      used += taken;
      if (taken < head.size()) break;
    }
    // One call and many calls agree.
    if (shape == ReplyShape::whole && whole != (reader.done() && used == input.size()))
      __builtin_trap();
  }
  return 0;
}
