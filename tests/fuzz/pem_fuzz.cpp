#include "x509/pem.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const rta::x509::PemText text = rta::x509::parse_pem({data, size}, 100);
  // A block has bytes or a reason why not.
  for (const rta::x509::PemBlock& block : text.blocks)
    if (block.der.empty() == block.problem.empty()) std::abort();
  return 0;
}
