// Cipher strings as redis.conf has them: the reader of their words, and
// OpenSSL's expansion of them.
#include "tls/cipher_string.h"

#include <redis_tls_audit/assert.h>

#include "tls/code_points.h"

using namespace rta;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 4096) return 0;
  const std::string text{as_text(ByteView{data, size})};
  const tls::CipherStringShape shape = tls::shape_of_cipher_string(text);
  RTA_ASSERT(shape.enables_weak.size() <= size + 1);
  if (text.find('\0') != std::string::npos) return 0;
  if (const auto suites = tls::expand_cipher_string(text))
    for (const CipherSuite suite : *suites) tls::usable_with_key(suite, true, false);
  return 0;
}
