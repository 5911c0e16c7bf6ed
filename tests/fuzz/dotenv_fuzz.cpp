// Every dialect reads the same bytes; a refused file holds nothing.
#include <cstdlib>

#include "files/dotenv/dotenv.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rta;
  for (const auto& [dialect, name] : EnumNames<files::DotenvDialect>::table) {
    const files::DotenvFile file =
        files::read_dotenv({data, size}, dialect, ".env", {{"A", "x"}, {"E", ""}});
    if (file.refused && !file.entries.empty()) std::abort();
    if (file.values.size() > file.entries.size()) std::abort();
  }
  return 0;
}
