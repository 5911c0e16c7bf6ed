// A ClientHello that is read is written back with the same meaning.
#include <redis_tls_audit/assert.h>

#include "tls/client_hello.h"
#include "tls/record.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 8192) return 0;
  const auto hello = rta::tls::parse_client_hello({data, size});
  if (!hello || hello->random.size() != 32) return 0;
  rta::tls::MessageStream stream;
  stream.feed(rta::tls::write_client_hello(*hello));
  const auto message = stream.next();
  RTA_ASSERT(message.has_value());
  const auto again = rta::tls::parse_client_hello(message->body);
  RTA_ASSERT(again.has_value() && again->suites == hello->suites);
  RTA_ASSERT(again->extensions.size() == hello->extensions.size());
  return 0;
}
