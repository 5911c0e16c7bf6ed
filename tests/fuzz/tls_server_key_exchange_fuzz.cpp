// ServerKeyExchange under a suite that the first two bytes name, and what is
// said of its prime.
#include <redis_tls_audit/bytes.h>

#include "tls/dh_prime.h"
#include "tls/server_key_exchange.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  rta::ByteReader in{{data, size}};
  const rta::CipherSuite suite = in.u16();
  const std::uint16_t version = in.u8() % 2 == 0 ? 0x0303 : 0x0301;
  const auto exchange = rta::tls::parse_server_key_exchange(in.rest(), suite, version);
  if (exchange && exchange->is_finite_field() && exchange->prime.size() <= 32)
    rta::tls::facts_of_prime(exchange->prime);
  return 0;
}
