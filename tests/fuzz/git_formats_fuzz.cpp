// The first byte chooses the format.
#include "files/git/git_formats.h"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const rta::ByteView bytes{data + 1, size - 1};
  const std::string_view text = rta::as_text(bytes);
  rta::Bytes result(64);
  switch (data[0] % 7) {
    case 0:
      static_cast<void>(rta::parse_commit(text));
      break;
    case 1:
      static_cast<void>(rta::parse_tree(text));
      break;
    case 2:
      static_cast<void>(rta::parse_tag_target(text));
      break;
    case 3:
      static_cast<void>(rta::parse_pack_index(bytes, 10'000));
      break;
    case 4:
      static_cast<void>(rta::parse_pack_header(bytes));
      break;
    case 5:
      static_cast<void>(rta::parse_delta_result_size(bytes));
      static_cast<void>(rta::apply_delta(rta::as_bytes("hello world"), bytes, result));
      break;
    default:
      static_cast<void>(rta::parse_reflog(text));
  }
  return 0;
}
