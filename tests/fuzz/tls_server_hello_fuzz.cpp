// ServerHello and HelloRetryRequest.
#include "tls/server_hello.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (const auto hello = rta::tls::parse_server_hello({data, size})) (void)hello->extension(51);
  return 0;
}
