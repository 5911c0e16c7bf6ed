#include "files/keys/key_material.h"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static_cast<void>(rta::files::find_material({data, size}));
  return 0;
}
