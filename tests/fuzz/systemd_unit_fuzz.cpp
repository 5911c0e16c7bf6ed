// Any bytes as a unit, and as its drop-in.
#include <array>
#include <cstdint>

#include "files/artefacts/systemd_exec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text{reinterpret_cast<const char*>(data), size};
  const std::array<rta::files::UnitText, 2> texts{{{"redis.service", text}, {"d/x.conf", text}}};
  static_cast<void>(rta::files::start_commands("redis@6379.service", texts));
  static_cast<void>(rta::files::start_commands("redis@.service", texts));
  return 0;
}
