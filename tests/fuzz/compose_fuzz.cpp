// Any bytes as a compose file, with themselves as every file that it names.
#include <cstdint>
#include <cstdlib>

#include "files/compose/compose.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text{reinterpret_cast<const char*>(data), size};
  const rta::ComposeFiles files{
      .read = [&text](const std::string& path) -> rta::ComposeFiles::Text {
        if (path.find("missing") != std::string::npos) return {};
        return {.text = text, .exists = true};
      }};
  const auto reading = rta::read_compose({.files = {"compose.yml"}}, files);
  if (reading && reading->refused && !reading->services.empty()) std::abort();
  if (reading)
    for (const rta::ComposeServiceReading& service : reading->services)
      (void)rta::redis_launch(service);
  return 0;
}
