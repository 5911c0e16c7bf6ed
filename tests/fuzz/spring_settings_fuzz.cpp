// Spring's two formats; nothing but Redis comes out.
#include <redis_tls_audit/assert.h>

#include "files/clients/spring_settings.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rta;
  for (const char* path : {"application.yml", "application.properties"}) {
    const auto settings = files::spring_settings({data, size}, path);
    if (!settings) continue;
    for (const files::ReceivedVariable& variable : settings->variables)
      RTA_ASSERT(variable.name.starts_with("SPRING_"));
  }
  return 0;
}
