// Whatever lies in the store of earlier reports is read into few and printable
// lines, or refused.
#include <cstdlib>

#include "collect/git/history.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto scans = rta::read_earlier_scan(rta::as_text({data, size}), "report.json");
  if (!scans) return 0;
  if (scans->empty() || scans->size() > size + 1) std::abort();
  for (const rta::EarlierScan& scan : *scans)
    if (scan.endpoint.find('\x1b') != std::string::npos || scan.endpoint.size() > 500) std::abort();
  return 0;
}
