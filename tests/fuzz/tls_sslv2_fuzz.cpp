// SSL 2.0 SERVER-HELLO.
#include "tls/sslv2.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  (void)rta::tls::looks_like_ssl2({data, size});
  (void)rta::tls::parse_ssl2_server_hello({data, size});
  return 0;
}
