// What is known about a finite-field Diffie-Hellman prime. Pure; any thread.
#pragma once

#include <redis_tls_audit/bytes.h>

#include <string>

namespace rta::tls {

enum class PrimeOrigin {
  rfc7919,     // ffdhe2048 to ffdhe8192
  rfc3526,     // MODP groups 5 and 14 to 18
  known_weak,  // a 1024-bit or smaller prime that everybody uses (RFC 2409, RFC 5114)
  own,         // not one of the published ones
};

struct PrimeFacts {
  int bits = 0;
  PrimeOrigin origin = PrimeOrigin::own;
  std::string name;        // "RFC 3526 group 16 (4096 bits)", empty for own ones
  bool composite = false;  // proven not to be a prime
  bool checked = false;    // it was tested for primality, or is a published one
};

// Numbers above 4096 bits are not tested for primality: it would take too long.
PrimeFacts facts_of_prime(ByteView prime);

}  // namespace rta::tls
